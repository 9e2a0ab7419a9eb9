/** Where the person is, told by the part of the address after `#`; the server never sees it. */

export type Route =
  | { at: "chats"; chat: string | null }
  | { at: "people" }
  | { at: "settings"; section: string | null }
  /** A connection link was opened. */
  | { at: "connect"; token: string };

/** The route an address stands for. */
export function parseRoute(hash: string): Route {
  const [first = "", second = ""] = hash.replace(/^#\/?/, "").split("/");
  if (first === "c" && second) return { at: "connect", token: second };
  if (first === "people") return { at: "people" };
  if (first === "settings") return { at: "settings", section: second || null };
  return { at: "chats", chat: first === "chats" && second ? decodeURIComponent(second) : null };
}

/** Goes to a place, such as "/chats/12"; `replace` leaves no way back to the present one. */
export function go(path: string, replace = false): void {
  if (replace) history.replaceState(null, "", `#${path}`);
  else history.pushState(null, "", `#${path}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
