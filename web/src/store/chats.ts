/** A chat's entry in the list: its summary follows the log without ever counting an event twice. */

import type { Chat, Id, Membership, Message } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";
import { followDraft } from "@/store/drafts";
import { addMessage, changeMessage, clearLog, isHidden, resetLog } from "@/store/log";
import { withMyTallies } from "@/store/messages";
import { emptyLog, without, type ChatLog, type HeldChat, type State } from "@/store/state";
import { stopTyping } from "@/store/typing";

/** Counted exactly up to 999; 1000 means more. */
const UNREAD_MAX = 1000;
const nothingRead: Membership = { delivered: 0, seen: 0 };

/** Whether a message counts as unread for me. */
function counts(message: Message, me: Id | undefined): boolean {
  return message.sender !== null && message.sender !== me && message.kind !== "system" && !message.deleted_at;
}

/** Whether an unread message calls me by name. */
function callsMe(message: Message, me: Id | undefined): boolean {
  return Boolean(message.mentions?.some((one) => one === "all" || one === me));
}

/** A push tells of a group what all see alike, and leaves out what differs by viewer. */
export type GivenChat = Pick<Chat, "id"> & Partial<Chat>;

/**
 * A chat as the server has it. `chat.head` says up to which event its summary counts: an answer
 * older than what is held changes only what the log does not tell. `keepMine`: what I have set for
 * myself may have changed since the answer was made.
 */
export function mergeChat(state: State, given: GivenChat, keepMine = false): State {
  const { users: _, ...incoming } = given as GivenChat & { users?: unknown };
  const held = state.chats[incoming.id];
  if (!held) return takeChat(state, incoming);
  const unknown = without(state.unknown, incoming.id);
  const head = incoming.head ?? 0;
  const me = mergeMembership(held.me, incoming.me, keepMine);
  // Read before something that is known here happened, or a push, which leaves out what differs by viewer.
  const older = head < held.head || incoming.unread === undefined;
  const { last_message, unread, mentions = 0, updated_at } = older ? held : { ...held, ...incoming };
  const summary = { head: older ? held.head : head, last_message, unread, mentions, updated_at };
  // What all see alike is as of a seq too: an old one must not undo a newer one.
  const told = head >= held.infoAt ? incoming : {};
  const merged: HeldChat = { ...held, ...told, infoAt: Math.max(held.infoAt, head), me, ...summary };
  if (!older && incoming.me && incoming.me.seen < held.me.seen) merged.unread = Math.min(held.unread, merged.unread);
  const stale = older ? state.stale : without(state.stale, incoming.id);
  const next: State = { ...state, stale, unknown, chats: { ...state.chats, [merged.id]: merged } };
  // The answer may have been made before something was hidden here.
  return recount(summarise(followDraft(next, held, merged), merged.id), merged.id);
}

/** A chat not held yet. A push about one that was never told of waits for the sync that brings it. */
function takeChat(state: State, incoming: GivenChat): State {
  if (!incoming.me && incoming.kind !== "direct") return { ...state, unknown: { ...state.unknown, [incoming.id]: true } };
  const head = incoming.head ?? 0;
  const blank = { kind: "direct", name: "", avatar_url: null, members_count: 0, last_message: null, unread: 0, created_at: "", updated_at: "", me: nothingRead } as const;
  const whole: HeldChat = { ...blank, ...incoming, head, infoAt: head, changedAt: 0 };
  const logs = state.logs[whole.id] ? state.logs : { ...state.logs, [whole.id]: emptyLog(head) };
  const next = { ...state, unknown: without(state.unknown, whole.id), chats: { ...state.chats, [whole.id]: whole }, logs };
  return followDraft(next, null, whole);
}

function mergeMembership(held: Membership, incoming: Membership | undefined, keepMine: boolean): Membership {
  if (!incoming) return held;
  return {
    ...held,
    ...(keepMine ? {} : incoming),
    delivered: Math.max(held.delivered, incoming.delivered ?? 0),
    seen: Math.max(held.seen, incoming.seen ?? 0),
  };
}

/** A message in its turn. */
export function receive(state: State, given: Message): State {
  const log = state.logs[given.chat];
  const chat = state.chats[given.chat];
  if (!log || !chat) return state;
  const message = withMyTallies(given, state.me?.id);
  const stopped = message.sender ? stopTyping(state, message.chat, message.sender) : state;
  const logs = { ...stopped.logs, [message.chat]: addMessage(log, message) };
  const changedAt = message.kind === "system" ? Math.max(chat.changedAt, message.seq) : chat.changedAt;
  const noted: HeldChat = { ...chat, changedAt, head: Math.max(chat.head, message.seq) };
  const keep = (next: HeldChat): State => meet({ ...stopped, logs, chats: { ...stopped.chats, [chat.id]: next } }, message.sender);
  if (message.seq <= chat.head || isHidden(log, message.seq)) return keep(noted);
  const isNew = counts(message, state.me?.id) && message.seq > chat.me.seen;
  return keep({
    ...noted,
    last_message: message,
    updated_at: message.created_at,
    unread: Math.min(UNREAD_MAX, chat.unread + Number(isNew)),
    mentions: (chat.mentions ?? 0) + Number(isNew && callsMe(message, state.me?.id)),
  });
}

/** Whoever shows up without a name is asked for. */
export function meet(state: State, user: Id | null): State {
  if (!user || user in state.users || user in state.strangers) return state;
  return { ...state, strangers: { ...state.strangers, [user]: true } };
}

/** A message's new state, in its turn. */
export function updateMessage(state: State, data: Extract<ServerEvent, { event: "message:updated" }>["data"]): State {
  const log = state.logs[data.chat];
  const chat = state.chats[data.chat];
  if (!log || !chat) return state;
  const mine = data.reaction && data.reaction.user === state.me?.id ? data.reaction.emoji : undefined;
  const logs = { ...state.logs, [data.chat]: changeMessage(log, data.message, state.me?.id, mine) };
  const summary: HeldChat = { ...chat };
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

/** The newest messages of a chat are too far away: its log goes on from `head`, and all else is read when looked at. */
export function resetChat(state: State, chat: Id, head: number): State {
  const log = state.logs[chat];
  if (!log) return state;
  return forgetMembers({ ...state, logs: { ...state.logs, [chat]: resetLog(log, head) }, stale: { ...state.stale, [chat]: true } }, chat);
}

/** What was not followed up to a seq is not shown either, and may have been somebody's coming or going. */
export function skipTo(state: State, chat: Id, seq: number): State {
  const log = state.logs[chat];
  if (!log || seq <= log.head) return state;
  return forgetMembers({ ...state, logs: { ...state.logs, [chat]: { ...log, since: Math.max(log.since, seq), doubt: log.doubt + 1 } } }, chat);
}

/** I have cleared a chat, or deleted it from my list until something new comes. */
export function clearChat(state: State, data: { chat: Id; seq: number; hidden: boolean }): State {
  const log = state.logs[data.chat];
  const chat = state.chats[data.chat];
  if (!log || !chat) return state;
  const deleted = data.hidden ? { hidden: true, pinned: false, archived: false, draft: null } : {};
  const me: Membership = { ...chat.me, marked_unread: false, ...deleted };
  const last_message = chat.last_message && chat.last_message.seq <= data.seq ? null : chat.last_message;
  // What went unseen may have been a change of the chat itself.
  const changedAt = data.seq > log.head ? Math.max(chat.changedAt, data.seq) : chat.changedAt;
  const cleared: HeldChat = { ...chat, me, last_message, changedAt };
  const followed = skipTo(state, chat.id, data.seq);
  const chats = { ...followed.chats, [chat.id]: cleared };
  const logs = { ...followed.logs, [chat.id]: clearLog(followed.logs[chat.id] ?? log, data.seq) };
  return recount(followDraft({ ...followed, chats, logs }, chat, cleared), chat.id, true);
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
  const counted = log.head < chat.head ? null : unreadIn(chat, log, state.me?.id);
  if (counted === null) return ask && chat.unread > 0 ? { ...state, stale: { ...state.stale, [chatId]: true } } : state;
  const { unread, mentions } = counted;
  if (unread === chat.unread && mentions === (chat.mentions ?? 0)) return state;
  return { ...state, chats: { ...state.chats, [chatId]: { ...chat, unread, mentions } } };
}

function unreadIn(chat: Chat, log: ChatLog, me: Id | undefined): { unread: number; mentions: number } | null {
  let unread = 0;
  let mentions = 0;
  if (chat.me.seen >= log.head) return { unread, mentions };
  if (log.from > Math.max(chat.me.seen, log.cleared) + 1) return null;
  for (let index = log.messages.length - 1; index >= 0; index--) {
    const message = log.messages[index] as Message;
    if (message.seq <= chat.me.seen || unread === UNREAD_MAX) break;
    if (!counts(message, me)) continue;
    unread++;
    if (callsMe(message, me)) mentions++;
  }
  return { unread, mentions };
}

/** After a message was hidden: the preview falls back to the last one left, or is read anew. */
export function summarise(state: State, chatId: Id): State {
  const chat = state.chats[chatId];
  const log = state.logs[chatId];
  const last = chat?.last_message;
  if (!chat || !log || !last || !isHidden(log, last.seq)) return state;
  const left = log.messages.at(-1) ?? null;
  const isKnown = log.head >= chat.head && (left !== null || log.from <= 1);
  if (!isKnown) return { ...state, stale: { ...state.stale, [chatId]: true } };
  return { ...state, chats: { ...state.chats, [chatId]: { ...chat, last_message: left } } };
}

/** Who has come and gone is not known any more; how far everyone has got is. */
function forgetMembers(state: State, chat: Id): State {
  const marks = Object.entries(state.watermarks[chat] ?? {}).map(([user, { delivered, seen }]) => [user, { delivered, seen }] as const);
  return { ...state, watermarks: { ...state.watermarks, [chat]: Object.fromEntries(marks) } };
}
