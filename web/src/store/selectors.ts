/** What the screens want to know of the state. Lists remember their last answer by `===` of their parts. */

import type { Chat, ConnectionRequest, Id, Message, MessageStatus, User } from "@/api/types";
import { messageAt } from "@/store/log";
import { statusByMarks } from "@/store/marks";
import { higher } from "@/store/status";
import type { ContactRow, Pending, Presence, State } from "@/store/state";

export type Tick = "sending" | "failed" | MessageStatus;

const NO_MESSAGES: readonly Message[] = [];

/** Remembers the last answer of a selector for as long as the parts it reads stay the same. */
function remember<A extends unknown[], T>(parts: (state: State) => A, make: (...parts: A) => T): (state: State) => T {
  let held: { parts: A; value: T } | null = null;
  return (state) => {
    const now = parts(state);
    if (!held || now.some((part, index) => part !== held?.parts[index])) held = { parts: now, value: make(...now) };
    return held.value;
  };
}

/** The chats for the list, those that are put away included: pinned first, then by latest activity, my unsent messages included. */
export const chatList = remember(
  (state) => [state.chats, state.outbox] as const satisfies readonly unknown[] as [State["chats"], State["outbox"]],
  (chats, outbox): Chat[] => {
    const latest = new Map(outbox.map((entry) => [entry.chat, entry.createdAt]));
    const at = (chat: Chat): string => {
      const own = latest.get(chat.id) ?? "";
      const last = chat.last_message?.created_at ?? chat.created_at;
      return own > last ? own : last;
    };
    return Object.values(chats)
      .filter((chat) => !chat.me.hidden || chat.last_message)
      .sort((a, b) => Number(b.me.pinned ?? false) - Number(a.me.pinned ?? false) || (at(a) < at(b) ? 1 : -1));
  },
);

export const contactList = remember(
  (state): [State["contacts"], State["users"]] => [state.contacts, state.users],
  (contacts, users): ContactRow[] =>
    Object.values(contacts).sort((a, b) => nameOf(users[a.user]).localeCompare(nameOf(users[b.user]))),
);

export const incomingRequests = remember(
  (state): [State["requests"], Id | undefined] => [state.requests, state.me?.id],
  (requests, me): ConnectionRequest[] => Object.values(requests).filter((request) => request.to === me),
);

export const outgoingRequests = remember(
  (state): [State["requests"], Id | undefined] => [state.requests, state.me?.id],
  (requests, me): ConnectionRequest[] => Object.values(requests).filter((request) => request.from === me),
);

/** Unread messages in all chats that are not muted, for the title. */
export const totalUnread = remember(
  (state): [State["chats"]] => [state.chats],
  (chats): number => Object.values(chats).reduce((sum, chat) => sum + (isMuted(chat) || chat.me.archived ? 0 : chat.unread), 0),
);

/** Unread notifications, as far as they were read. */
export const unreadNotices = remember(
  (state): [State["notices"]] => [state.notices],
  (notices): number => notices?.rows.filter((row) => row.read_at === null).length ?? 0,
);

const unmutedUnread = remember(
  (state): [State["chats"]] => [state.chats],
  (chats): number => Object.values(chats).reduce((sum, chat) => sum + (isMuted(chat) ? 0 : chat.unread), 0),
);

/** The number on the icon: what the server counts, and without a connection what is known here. */
export function badgeOf(state: State): number {
  return state.connection === "online" && state.badge !== null ? state.badge : unmutedUnread(state) + unreadNotices(state);
}

export function messagesOf(state: State, chat: Id): readonly Message[] {
  return state.logs[chat]?.messages ?? NO_MESSAGES;
}

const pinned = new WeakMap<readonly Message[], readonly number[]>();

/** Which of the messages held are pinned; looked for once, or typing in a long chat would be felt. */
export function pinnedIn(state: State, chat: Id): readonly number[] {
  const messages = messagesOf(state, chat);
  let found = pinned.get(messages);
  if (!found) pinned.set(messages, (found = messages.filter((message) => message.pinned).map((message) => message.seq)));
  return found;
}

/** Whether older messages than those held may exist. */
export function hasOlder(state: State, chat: Id): boolean {
  return (state.logs[chat]?.from ?? 1) > 1;
}

export function pendingOf(state: State, chat: Id): Pending[] {
  return state.outbox.filter((entry) => entry.chat === chat);
}

/** The person on the other side of a direct chat. */
export function peerOf(chat: Chat): Id | null {
  return chat.kind === "direct" ? (chat.peer ?? null) : null;
}

/** What a person is called: their name, else their username. */
export function nameOf(user: User | undefined): string {
  return user?.name || user?.username || "";
}

/** What a chat is called by me. */
export function titleOf(state: State, chat: Chat): string {
  const peer = peerOf(chat);
  return (peer && nameOf(state.users[peer])) || chat.name;
}

/** How far an own message has got: the least of the others, by its own word or by their watermarks. */
export function statusOf(state: State, message: Message): MessageStatus | null {
  if (message.sender === null || message.sender !== state.me?.id) return null;
  const { status } = messageAt(state.logs[message.chat], message.seq) ?? message;
  return higher(status ?? "sent", statusByMarks(state, message)) ?? "sent";
}

/** Whether I am an admin of a group; of a direct chat there is none. */
export function isAdmin(chat: Chat): boolean {
  return chat.me.role === "owner" || chat.me.role === "admin";
}

/** Whether a group leaves something to me. */
export function may(chat: Chat, what: "post" | "edit_info" | "invite"): boolean {
  return isAdmin(chat) || (chat.permissions?.[what] ?? "all") === "all";
}

/** Muted now; a time far off stands for ever. */
export function isMuted(chat: Chat, now = Date.now()): boolean {
  return chat.me.muted_until != null && Date.parse(chat.me.muted_until) > now;
}

/** Who is typing in a chat. */
export function typingIn(state: State, chat: Id): Id[] {
  return Object.keys(state.typing[chat] ?? {});
}

/** Whether a person is there; unknown while this client is not connected itself. */
export function presenceOf(state: State, user: Id | null): Presence | null {
  if (!user || state.connection !== "online") return null;
  return state.presence[user] ?? null;
}

/** A direct chat can be read but not written to once the two are no longer connected. */
export function isClosed(state: State, chat: Chat): boolean {
  const peer = peerOf(chat);
  return peer !== null && state.place !== null && !(peer in state.contacts);
}
