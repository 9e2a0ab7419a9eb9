import { request } from "@/api/http";
import { everyPage } from "@/api/pages";
import type { Chat, Id, Membership, MessagePage, SyncRequest, Time, Users } from "@/api/types";

/** All chats, those that are put away included. */
export async function listChats(): Promise<{ results: Chat[]; users: Users }> {
  const [shown, archived] = await Promise.all([everyPage<Chat>("chats/"), everyPage<Chat>("chats/?archived=true")]);
  return { results: [...shown.results, ...archived.results], users: { ...shown.users, ...archived.users } };
}

export function getChat(id: Id): Promise<Chat & { users?: Users }> {
  return request("GET", `chats/${encodeURIComponent(id)}/`);
}

/** Finds the direct chat with a person, or makes it. */
export function openDirect(user: Id): Promise<Chat & { users?: Users }> {
  return request("POST", "chats/", { kind: "direct", user });
}

/** The newest messages, or those before `before`. */
export function listMessages(chat: Id, before?: number, limit = 50): Promise<MessagePage> {
  const query = before === undefined ? `?limit=${limit}` : `?limit=${limit}&before=${before}`;
  return request("GET", `chats/${encodeURIComponent(chat)}/messages/${query}`);
}

/** What I may set of a chat for myself. */
export type Mine = Partial<Pick<Membership, "muted_until" | "archived" | "pinned" | "marked_unread" | "draft">>;

export function changeMine(id: Id, mine: Mine): Promise<Chat & { users?: Users }> {
  return request("PATCH", `chats/${encodeURIComponent(id)}/me/`, mine);
}

/** I have seen everything up to a seq; the answer is my mark. */
export function markSeen(id: Id, seq: number): Promise<{ chat: Id; user: Id; seq: number; at: Time }> {
  return request("POST", `chats/${encodeURIComponent(id)}/seen/`, { seq });
}

/** Empties a chat for me. */
export function clearChat(id: Id): Promise<unknown> {
  return request("POST", `chats/${encodeURIComponent(id)}/clear/`);
}

/** Empties a chat for me and takes it out of my list until something new comes. */
export function deleteChat(id: Id): Promise<void> {
  return request("DELETE", `chats/${encodeURIComponent(id)}/`);
}

/** Sync over HTTP, for a client with so many chats that the request would not fit a frame. */
export function sync<T>(body: SyncRequest): Promise<T> {
  return request("POST", "sync/", body);
}
