/** Where the person is, told by the part of the address after `#`; the server never sees it. */

export type Route =
  | { at: "chats"; chat: string | null; panel: Panel | null }
  | { at: "people" }
  | { at: "calls" }
  /** `user`: whose statuses are on the screen. */
  | { at: "statuses"; user: string | null }
  | { at: "notifications" }
  | { at: "settings"; section: string | null }
  /** A connection link was opened. */
  | { at: "connect"; token: string }
  /** The link of an invite to a group was opened. */
  | { at: "join"; token: string };

/** What stands beside a conversation. */
export type Panel = "info" | "search" | "starred" | "shared";

const PANELS: readonly string[] = ["info", "search", "starred", "shared"] satisfies Panel[];

/** The route an address stands for. */
export function parseRoute(hash: string): Route {
  const [first = "", second = "", third = ""] = hash.replace(/^#\/?/, "").split("/");
  if (first === "c" && second) return { at: "connect", token: second };
  if (first === "j" && second) return { at: "join", token: second };
  if (first === "calls") return { at: "calls" };
  if (first === "statuses") return { at: "statuses", user: second ? decodeURIComponent(second) : null };
  if (first === "people") return { at: "people" };
  if (first === "notifications") return { at: "notifications" };
  if (first === "settings") return { at: "settings", section: second || null };
  const chat = first === "chats" && second ? decodeURIComponent(second) : null;
  return { at: "chats", chat, panel: chat && PANELS.includes(third) ? (third as Panel) : null };
}

/** The address of a chat, perhaps with something beside it. */
export function chatPath(chat: string, panel?: Panel): string {
  return `/chats/${encodeURIComponent(chat)}${panel ? `/${panel}` : ""}`;
}

/** The address of what somebody shows. */
export function statusPath(user: string): string {
  return `/statuses/${encodeURIComponent(user)}`;
}

/** Goes to a place, such as "/chats/12"; `replace` leaves no way back to the present one. */
export function go(path: string, replace = false): void {
  if (replace) history.replaceState(null, "", `#${path}`);
  else history.pushState(null, "", `#${path}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
