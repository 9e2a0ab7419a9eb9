import { request } from "@/api/http";
import type { Id, Message, Page } from "@/api/types";

/** Pictures and films, files and audio, addresses. */
export type SharedKind = "media" | "files" | "links";

/** The messages of a chat that have media, files or links, the newest first. */
export function listShared(chat: Id, kind: SharedKind, cursor: string | null, limit: number): Promise<Page<Message>> {
  const place = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  return request("GET", `chats/${encodeURIComponent(chat)}/shared/?kind=${kind}&limit=${limit}${place}`);
}
