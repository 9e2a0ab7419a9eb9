import { request } from "@/api/http";
import { everyPage } from "@/api/pages";
import type { Chat, Id, MessagePage, SyncRequest, Users } from "@/api/types";

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

/** Sync over HTTP, for a client with so many chats that the request would not fit a frame. */
export function sync<T>(body: SyncRequest): Promise<T> {
  return request("POST", "sync/", body);
}
