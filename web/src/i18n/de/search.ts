import type { Translation } from "@/i18n/translation";

export const search: Translation["search"] = {
  title: "Nachrichten suchen",
  in: "In „{{name}}“ suchen",
  field: "Suchen",
  chats: "Chats",
  messages: "Nachrichten",
  hint: "Gib ein Wort oder seinen Anfang ein.",
  none: "Keine Nachrichten gefunden",
  noneText: "Nichts passt zu „{{query}}“.",
  more: "Mehr anzeigen",
  kinds: "Art",
  kind: { any: "Alles", text: "Text", link: "Links", poll: "Umfragen", location: "Standorte", contact: "Kontakte" },
  from: "Von",
  anyone: "Alle",
  since: "Zeitraum",
  sinceWhen: { any: "Beliebig", week: "Letzte 7 Tage", month: "Letzte 30 Tage", year: "Letztes Jahr" },
  results: "Gefundene Nachrichten",
};
