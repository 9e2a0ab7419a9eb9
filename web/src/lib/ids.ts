/** A name for a message made here: unique over all chats and devices of its sender, 22 characters. */
export function newClientId(): string {
  // getRandomValues works on plain-HTTP origins too, where randomUUID does not exist.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
