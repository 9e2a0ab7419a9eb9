import type { Translation } from "@/i18n/translation";

/** What the keyboard can do. */
export const shortcuts: Translation["shortcuts"] = {
  title: "Tastenkürzel",
  search: "Chats und Nachrichten suchen",
  searchHere: "In diesem Chat suchen",
  previous: "Vorheriger Chat",
  next: "Nächster Chat",
  info: "Chatinfo",
  back: "Schließen, was offen ist",
  list: "Diese Liste anzeigen",
  send: "Senden",
  line: "Neue Zeile",
  editLast: "Deine letzte Nachricht bearbeiten",
  mention: "Jemanden erwähnen",
  inMenus: "In Menüs und Listen bewegen",
  keys: { up: "↑", down: "↓", enter: "Enter", shift: "Umschalt", alt: "Alt", ctrl: "Strg", escape: "Esc" },
};
