/** What the keyboard can do. */
export const shortcuts = {
  title: "Keyboard shortcuts",
  search: "Search chats and messages",
  searchHere: "Search in this chat",
  previous: "Previous chat",
  next: "Next chat",
  info: "Chat info",
  back: "Close what’s open",
  list: "Show this list",
  send: "Send",
  line: "New line",
  editLast: "Edit your last message",
  mention: "Mention someone",
  inMenus: "Move in menus and lists",
  keys: { up: "↑", down: "↓", enter: "Enter", shift: "Shift", alt: "Alt", ctrl: "Ctrl", escape: "Esc" },
} as const;
