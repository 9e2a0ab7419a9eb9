/** A chat's entry in the list: its summary follows the log without ever counting an event twice. */

import type { Chat, Id, Membership, Message } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";
import { addMessage, changeMessage, isHidden } from "@/store/log";
import { emptyLog, without, type ChatLog, type State } from "@/store/state";
import { stopTyping } from "@/store/typing";

/** Counted exactly up to 999; 1000 means more. */
const UNREAD_MAX = 1000;
const nothingRead: Membership = { delivered: 0, seen: 0 };

/** Whether a message counts as unread for me. */
function counts(message: Message, me: Id | undefined): boolean {
  return message.sender !== null && message.sender !== me && message.kind !== "system" && !message.deleted_at;
}

/**
 * A chat as the server has it. `chat.head` says up to which event its summary counts: an answer
 * older than what is held changes only what the log does not tell.
 */
export function mergeChat(state: State, given: Chat): State {
  const { users: _, ...incoming } = given as Chat & { users?: unknown };
  const held = state.chats[incoming.id];
  const unknown = without(state.unknown, incoming.id);
  if (!held) {
    const whole: Chat = { ...incoming, unread: incoming.unread ?? 0, me: incoming.me ?? nothingRead, head: incoming.head ?? 0 };
    const log = state.logs[whole.id] ?? emptyLog(whole.head);
    return { ...state, unknown, chats: { ...state.chats, [whole.id]: whole }, logs: { ...state.logs, [whole.id]: log } };
  }
  const me = mergeMembership(held.me, incoming.me);
  // Read before something that is known here happened, or a push, which leaves out what differs by viewer.
  const older = (incoming.head ?? 0) < held.head || incoming.unread === undefined;
  const summary = { head: held.head, last_message: held.last_message, unread: held.unread, updated_at: held.updated_at };
  const merged: Chat = { ...held, ...incoming, me, ...(older ? summary : {}) };
  if (!older && incoming.me.seen < held.me.seen) merged.unread = Math.min(held.unread, incoming.unread);
  const stale = older ? state.stale : without(state.stale, incoming.id);
  const next: State = { ...state, stale, unknown, chats: { ...state.chats, [merged.id]: merged } };
  // The answer may have been made before something was hidden here.
  return recount(summarise(next, merged.id), merged.id);
}

function mergeMembership(held: Membership, incoming: Membership | undefined): Membership {
  if (!incoming) return held;
  return {
    ...held,
    ...incoming,
    delivered: Math.max(held.delivered, incoming.delivered ?? 0),
    seen: Math.max(held.seen, incoming.seen ?? 0),
  };
}

/** A message in its turn. */
export function receive(state: State, message: Message): State {
  const log = state.logs[message.chat];
  const chat = state.chats[message.chat];
  if (!log || !chat) return state;
  const stopped = message.sender ? stopTyping(state, message.chat, message.sender) : state;
  const logs = { ...stopped.logs, [message.chat]: addMessage(log, message) };
  if (message.seq <= chat.head) return { ...stopped, logs };
  if (isHidden(log, message.seq)) {
    return { ...stopped, chats: { ...stopped.chats, [chat.id]: { ...chat, head: message.seq } } };
  }
  const unread = counts(message, state.me?.id) && message.seq > chat.me.seen ? Math.min(UNREAD_MAX, chat.unread + 1) : chat.unread;
  const summary: Chat = { ...chat, head: message.seq, last_message: message, updated_at: message.created_at, unread };
  return { ...stopped, logs, chats: { ...stopped.chats, [chat.id]: summary } };
}

/** A message's new state, in its turn. */
export function updateMessage(state: State, data: Extract<ServerEvent, { event: "message:updated" }>["data"]): State {
  const log = state.logs[data.chat];
  const chat = state.chats[data.chat];
  if (!log || !chat) return state;
  const mine = data.reaction && data.reaction.user === state.me?.id ? data.reaction.emoji : undefined;
  const logs = { ...state.logs, [data.chat]: changeMessage(log, data.message, mine) };
  const summary: Chat = { ...chat };
  if (data.seq > chat.head) {
    summary.head = data.seq;
    if (chat.last_message?.seq === data.message.seq) {
      const { status } = chat.last_message;
      summary.last_message = { ...chat.last_message, ...data.message, ...(status === undefined ? {} : { status }) };
    }
  }
  // A sync tells each event with the message's present state, so a deletion may show before its turn.
  const doubtful = Boolean(data.message.deleted_at) && data.message.seq > chat.me.seen && data.message.sender !== state.me?.id;
  return recount({ ...state, logs, chats: { ...state.chats, [chat.id]: summary } }, chat.id, doubtful);
}

/**
 * Counts the unread anew where all of them are held. `ask`: where they are not, the number held is
 * in doubt and the summary has to be read again.
 */
export function recount(state: State, chatId: Id, ask = false): State {
  const chat = state.chats[chatId];
  const log = state.logs[chatId];
  if (!chat || !log) return state;
  // While the summary is ahead of the log, the log cannot say either.
  const unread = log.head < chat.head ? null : unreadIn(chat, log, state.me?.id);
  if (unread === null) return ask && chat.unread > 0 ? { ...state, stale: { ...state.stale, [chatId]: true } } : state;
  if (unread === chat.unread) return state;
  return { ...state, chats: { ...state.chats, [chatId]: { ...chat, unread } } };
}

function unreadIn(chat: Chat, log: ChatLog, me: Id | undefined): number | null {
  if (chat.me.seen >= log.head) return 0;
  if (log.from > chat.me.seen + 1) return null;
  let count = 0;
  for (let index = log.messages.length - 1; index >= 0; index--) {
    const message = log.messages[index] as Message;
    if (message.seq <= chat.me.seen || count === UNREAD_MAX) break;
    if (counts(message, me)) count++;
  }
  return count;
}

/** After a message was hidden: the preview falls back to the last one left, or is read anew. */
export function summarise(state: State, chatId: Id): State {
  const chat = state.chats[chatId];
  const log = state.logs[chatId];
  const last = chat?.last_message;
  if (!chat || !log || !last || !isHidden(log, last.seq)) return state;
  const left = log.messages.at(-1);
  if (!left || log.head < chat.head) return { ...state, stale: { ...state.stale, [chatId]: true } };
  return { ...state, chats: { ...state.chats, [chatId]: { ...chat, last_message: left } } };
}
