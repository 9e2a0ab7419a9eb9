/** How far people have got, and who there is to count. */

import { changeOf } from "@/api/content";
import type { Id, Member, Message, MessageStatus } from "@/api/types";
import type { Mark } from "@/socket/protocol";
import { recount } from "@/store/chats";
import type { State, Watermark } from "@/store/state";

/** Watermarks only rise; a seen raises delivered. */
export function raiseMark(state: State, mark: Mark, kind: "delivered" | "seen"): State {
  const held = state.watermarks[mark.chat]?.[mark.user] ?? { delivered: 0, seen: 0 };
  const seen = kind === "seen" ? Math.max(held.seen, mark.seq) : held.seen;
  const delivered = Math.max(held.delivered, mark.seq, seen);
  if (seen === held.seen && delivered === held.delivered) return state;
  const watermarks = setMarks(state, mark.chat, { [mark.user]: { ...held, delivered, seen } });
  const chat = state.chats[mark.chat];
  if (!chat) return { ...state, watermarks };
  if (mark.user !== state.me?.id) {
    // What a mark means for messages from before the log was followed only the server knows; and
    // who tells no seen marks counts for nothing in a group's.
    const isUnsure = kind === "seen" || held.delivered <= (state.logs[chat.id]?.since ?? 0);
    return chat.kind === "group" && isUnsure ? doubt({ ...state, watermarks }, chat.id) : { ...state, watermarks };
  }
  const rises = seen > chat.me.seen;
  const me = { ...chat.me, delivered: Math.max(chat.me.delivered, delivered), seen: Math.max(chat.me.seen, seen) };
  // What was looked at is not to be looked at again.
  if (rises && me.marked_unread) me.marked_unread = false;
  const next = { ...state, watermarks, chats: { ...state.chats, [chat.id]: { ...chat, me } } };
  return kind === "seen" ? recount(next, chat.id, true) : next;
}

/** How far my messages have got in a chat has to be read again. */
function doubt(state: State, chat: Id): State {
  const log = state.logs[chat];
  return log ? { ...state, logs: { ...state.logs, [chat]: { ...log, doubt: log.doubt + 1 } } } : state;
}

/** Whether how far my messages have got in a chat has to be read again. */
export function isDoubtful(state: State, chat: Id): boolean {
  const log = state.logs[chat];
  return log !== undefined && log.doubt > log.sure;
}

function setMarks(state: State, chat: Id, marks: Record<Id, Watermark>): State["watermarks"] {
  return { ...state.watermarks, [chat]: { ...state.watermarks[chat], ...marks } };
}

const CAME = new Set(["added", "joined"]);
const WENT = new Set(["left", "removed"]);

/** Who comes into a group has what came before behind them; who goes counts no more. */
export function markChange(state: State, message: Message): State {
  const change = changeOf(message);
  const log = state.logs[message.chat];
  if (!change || !log || message.seq <= log.since) return state;
  if (CAME.has(change.action)) {
    // What they have read since may have been told before.
    const held = state.watermarks[message.chat] ?? {};
    const reached = (user: Id, kind: "delivered" | "seen"): number => Math.max(held[user]?.[kind] ?? 0, message.seq);
    const came = change.users.map((user) => [user, { delivered: reached(user, "delivered"), seen: reached(user, "seen"), joined: message.seq }] as const);
    return { ...state, watermarks: setMarks(state, message.chat, Object.fromEntries(came)) };
  }
  if (!WENT.has(change.action)) return state;
  const gone = Object.fromEntries(change.users.map((user) => [user, { delivered: 0, seen: 0, isGone: true }]));
  return doubt({ ...state, watermarks: setMarks(state, message.chat, gone) }, message.chat);
}

/** How far a message of mine has got by the marks held: the least of those it was sent to, where all of them are known. */
export function statusByMarks(state: State, message: Message): MessageStatus {
  const chat = state.chats[message.chat];
  const since = chat?.kind === "group" ? (state.logs[message.chat]?.since ?? message.seq) : 0;
  if (!chat || message.seq <= since) return "sent";
  // A mark from before the log was followed may be of one who has left.
  const others = Object.entries(state.watermarks[message.chat] ?? {}).filter(([user, mark]) => user !== state.me?.id && !mark.isGone && mark.delivered > since);
  const isWhole = others.length >= (chat.kind === "group" ? chat.members_count - 1 : 1);
  // Where all have come later, it was sent to nobody who is still there.
  if (!isWhole || !others.some(([, mark]) => (mark.joined ?? 0) < message.seq)) return "sent";
  if (others.every(([, mark]) => mark.seen >= message.seq)) return "seen";
  return others.every(([, mark]) => mark.delivered >= message.seq) ? "delivered" : "sent";
}

/** Who is in a group, as read from the server as of a seq. */
export function setMembers(state: State, data: { chat: Id; rows: Member[]; at: number }): State {
  const held = state.members[data.chat];
  if (!(data.chat in state.chats) || (held && held.at > data.at)) return state;
  return { ...state, members: { ...state.members, [data.chat]: { rows: data.rows, at: data.at } } };
}
