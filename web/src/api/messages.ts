import { request } from "@/api/http";
import type { Id, Message, MessageInfo, MessagePage, Page, Scheduled, Time, Users } from "@/api/types";

function path(chat: Id, seq: number, act = ""): string {
  return `chats/${encodeURIComponent(chat)}/messages/${seq}/${act}`;
}

/** Whom a message of mine has reached, and when. */
export function getInfo(chat: Id, seq: number): Promise<MessageInfo> {
  return request("GET", path(chat, seq, "status/"));
}

export function pin(chat: Id, seq: number, isPinned: boolean): Promise<unknown> {
  return request(isPinned ? "PUT" : "DELETE", path(chat, seq, "pin/"));
}

export function star(chat: Id, seq: number, isStarred: boolean): Promise<unknown> {
  return request(isStarred ? "PUT" : "DELETE", path(chat, seq, "star/"));
}

/** Chooses options of a poll in place of those before; none takes the vote back. */
export function vote(chat: Id, seq: number, options: number[]): Promise<Message> {
  return request("PUT", path(chat, seq, "vote/"), { options });
}

/** Ends a poll before its time. */
export function closePoll(chat: Id, seq: number): Promise<Message> {
  return request("POST", path(chat, seq, "close/"));
}

/** What stands at the top of a chat, the newest pin first. */
export function listPins(chat: Id): Promise<Page<Message>> {
  return request("GET", `chats/${encodeURIComponent(chat)}/pins/?limit=20`);
}

export interface Starred {
  message: Message;
  chat: Id;
}

/** My starred messages of all chats, the newest star first. */
export function listStarred(cursor: string | null = null): Promise<Page<Starred>> {
  return request("GET", `starred/?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
}

/** Passes messages on, each to each chat; under a name, so that a repeat makes nothing twice. */
export function forward(from: { chat: Id; seq: number }[], to: Id[], clientId: string): Promise<{ results: Message[]; users: Users }> {
  return request("POST", "chats/forward/", { from, to, client_id: clientId });
}

/** The messages around one. */
export function listAround(chat: Id, seq: number, limit = 50): Promise<MessagePage> {
  return request("GET", `chats/${encodeURIComponent(chat)}/messages/?around=${seq}&limit=${limit}`);
}

/** What I have written for later in a chat. */
export function listScheduled(chat: Id): Promise<Page<Scheduled>> {
  return request("GET", `chats/${encodeURIComponent(chat)}/scheduled/?limit=100`);
}

export interface LaterMessage {
  client_id: string;
  text: string;
  send_at: Time;
  reply_to?: number;
  mentions: readonly Id[];
  attachments: readonly Id[];
}

export function schedule(chat: Id, later: LaterMessage): Promise<Scheduled> {
  return request("POST", `chats/${encodeURIComponent(chat)}/messages/`, later);
}

function scheduledPath(chat: Id, id: Id): string {
  return `chats/${encodeURIComponent(chat)}/scheduled/${encodeURIComponent(id)}/`;
}

/** Another time for what waits. */
export function reschedule(chat: Id, id: Id, send_at: Time): Promise<Scheduled> {
  return request("PATCH", scheduledPath(chat, id), { send_at });
}

export function cancelScheduled(chat: Id, id: Id): Promise<void> {
  return request("DELETE", scheduledPath(chat, id));
}

export function sendScheduled(chat: Id, id: Id): Promise<unknown> {
  return request("POST", `${scheduledPath(chat, id)}send/`);
}
