import type { Translation } from "@/i18n/translation";

export const search: Translation["search"] = {
  title: "Buscar mensajes",
  in: "Buscar en «{{name}}»",
  field: "Buscar",
  chats: "Chats",
  messages: "Mensajes",
  hint: "Escribe una palabra o su comienzo.",
  none: "No se encontraron mensajes",
  noneText: "Nada coincide con «{{query}}».",
  more: "Mostrar más",
  kinds: "Tipo",
  kind: { any: "Todo", text: "Texto", link: "Enlaces", poll: "Encuestas", location: "Ubicaciones", contact: "Contactos" },
  from: "De",
  anyone: "Cualquiera",
  since: "Fecha",
  sinceWhen: { any: "Cualquier fecha", week: "Últimos 7 días", month: "Últimos 30 días", year: "Último año" },
  results: "Mensajes encontrados",
};
