/** How far people have got, and who there is to count. */

import { changeOf } from "@/api/content";
import type { Id, Member, Message } from "@/api/types";
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
  // Who tells no seen marks counts for nothing in a group's, which only the server knows.
  if (mark.user !== state.me?.id) return doubt({ ...state, watermarks }, chat.kind === "group" && kind === "seen" ? chat.id : null);
  const rises = seen > chat.me.seen;
  const me = { ...chat.me, delivered: Math.max(chat.me.delivered, delivered), seen: Math.max(chat.me.seen, seen) };
  // What was looked at is not to be looked at again.
  if (rises && me.marked_unread) me.marked_unread = false;
  const next = { ...state, watermarks, chats: { ...state.chats, [chat.id]: { ...chat, me } } };
  return kind === "seen" ? recount(next, chat.id, true) : next;
}

/** How far my messages have got in a chat has to be read again. */
function doubt(state: State, chat: Id | null): State {
  return chat === null || chat in state.doubts ? state : { ...state, doubts: { ...state.doubts, [chat]: true } };
}

function setMarks(state: State, chat: Id, marks: Record<Id, Watermark>): State["watermarks"] {
  return { ...state.watermarks, [chat]: { ...state.watermarks[chat], ...marks } };
}

const CAME = new Set(["created", "added", "joined"]);
const WENT = new Set(["left", "removed"]);

/** Who comes into a group has what came before behind them; who goes counts no more. */
export function markChange(state: State, message: Message): State {
  const change = changeOf(message);
  const log = state.logs[message.chat];
  if (!change || !log) return state;
  if (CAME.has(change.action)) {
    const start = { delivered: message.seq, seen: message.seq };
    const came = change.users.filter((user) => state.watermarks[message.chat]?.[user]?.isGone ?? true);
    return { ...state, watermarks: setMarks(state, message.chat, Object.fromEntries(came.map((user) => [user, start]))) };
  }
  if (!WENT.has(change.action)) return state;
  const gone = Object.fromEntries(change.users.map((user) => [user, { delivered: 0, seen: 0, isGone: true }]));
  return doubt({ ...state, watermarks: setMarks(state, message.chat, gone) }, message.chat);
}

/** Who is in a group, as read from the server as of a seq. */
export function setMembers(state: State, data: { chat: Id; rows: Member[]; at: number }): State {
  const held = state.members[data.chat];
  if (!(data.chat in state.chats) || (held && held.at > data.at)) return state;
  return { ...state, members: { ...state.members, [data.chat]: { rows: data.rows, at: data.at } } };
}
