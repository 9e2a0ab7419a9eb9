import type { Id, Message } from "@/api/types";
import { dayKey } from "@/lib/time";
import type { Pending } from "@/store/state";

/** One row of a conversation: a message, or one of mine that is on its way. */
export interface Row {
  /** Stays the same when what was on its way arrives, so that nothing blinks. */
  key: string;
  seq: number | null;
  message: Message | null;
  pending: Pending | null;
  isOwn: boolean;
  /** First and last of a run by one person, with no long pause in it. */
  isFirst: boolean;
  isLast: boolean;
  /** A time of the day that begins with this row. */
  day: string | null;
  /** The first unread, as it was when the chat was opened. */
  isDivider: boolean;
}

const PAUSE_MS = 5 * 60_000;

/** Puts messages and what is on its way into rows. */
export function rowsOf(messages: readonly Message[], pending: readonly Pending[], me: Id | undefined, dividerAfter: number | null): Row[] {
  const now = Date.now();
  const rows: Row[] = [];
  let divided = dividerAfter === null;
  let last: { sender: Id | null; at: number; day: number; row: Row } | null = null;
  const add = (row: Row, sender: Id | null, time: string): void => {
    const at = Date.parse(time);
    const day = dayKey(time);
    if (last?.day !== day) row.day = time;
    const isRun = last !== null && last.sender === sender && !row.day && !row.isDivider && at - last.at < PAUSE_MS && row.message?.kind !== "system";
    if (isRun && last) {
      row.isFirst = false;
      last.row.isLast = false;
    }
    last = { sender, at, day, row };
    rows.push(row);
  };
  for (const message of messages) {
    // Readers hide disappearing messages themselves, at their time.
    if (message.expires_at && Date.parse(message.expires_at) <= now) continue;
    const isOwn = message.sender === me;
    const isDivider: boolean = !divided && !isOwn && message.seq > (dividerAfter ?? 0);
    divided ||= isDivider;
    const key = isOwn && message.client_id ? message.client_id : String(message.seq);
    const row: Row = { key, seq: message.seq, message, pending: null, isOwn, isFirst: true, isLast: true, day: null, isDivider };
    add(row, message.sender, message.created_at);
  }
  for (const entry of pending) {
    const row: Row = { key: entry.clientId, seq: null, message: null, pending: entry, isOwn: true, isFirst: true, isLast: true, day: null, isDivider: false };
    add(row, me ?? null, entry.createdAt);
  }
  return rows;
}
