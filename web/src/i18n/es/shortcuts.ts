import type { Translation } from "@/i18n/translation";

/** What the keyboard can do. */
export const shortcuts: Translation["shortcuts"] = {
  title: "Atajos de teclado",
  search: "Buscar chats y mensajes",
  searchHere: "Buscar en este chat",
  previous: "Chat anterior",
  next: "Chat siguiente",
  info: "Info. del chat",
  back: "Cerrar lo que esté abierto",
  list: "Mostrar esta lista",
  send: "Enviar",
  line: "Línea nueva",
  editLast: "Editar tu último mensaje",
  mention: "Mencionar a alguien",
  inMenus: "Moverte por menús y listas",
  keys: { up: "↑", down: "↓", enter: "Intro", shift: "Mayús", alt: "Alt", ctrl: "Ctrl", escape: "Esc" },
};
