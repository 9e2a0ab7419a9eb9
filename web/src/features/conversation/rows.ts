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
/** No day is shorter than this, summer time or not: within it no calendar has to be asked. */
const SHORTEST_DAY_MS = 23 * 3_600_000;

// With each new message all rows are put together anew; what did not change is taken from here,
// so that a chat of ten thousand costs little and only the new row is drawn.
const times = new WeakMap<object, number>();
const made = new WeakMap<object, Row>();

/** Puts messages and what is on its way into rows. A row that is as before is the same object as before. */
export function rowsOf(messages: readonly Message[], pending: readonly Pending[], me: Id | undefined, dividerAfter: number | null): Row[] {
  const now = Date.now();
  const rows: Row[] = [];
  let divided = dividerAfter === null;
  let last: { sender: Id | null; at: number; row: Row } | null = null;
  let dayStart = -Infinity;

  const add = (of: Message | Pending, row: Row, sender: Id | null, time: string): void => {
    const at = timeOf(of, time);
    if (at < dayStart || at >= dayStart + SHORTEST_DAY_MS) {
      const start = dayKey(time);
      if (start !== dayStart) row.day = time;
      dayStart = start;
    }
    const isRun = last !== null && last.sender === sender && !row.day && !row.isDivider && at - last.at < PAUSE_MS && row.message?.kind !== "system";
    if (isRun && last) {
      row.isFirst = false;
      last.row.isLast = false;
    }
    last = { sender, at, row };
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
    add(message, row, message.sender, message.created_at);
  }
  for (const entry of pending) {
    const row: Row = { key: entry.clientId, seq: null, message: null, pending: entry, isOwn: true, isFirst: true, isLast: true, day: null, isDivider: false };
    add(entry, row, me ?? null, entry.createdAt);
  }
  return rows.map(asBefore);
}

function timeOf(of: Message | Pending, time: string): number {
  let at = times.get(of);
  if (at === undefined) times.set(of, (at = Date.parse(time)));
  return at;
}

function asBefore(row: Row): Row {
  const of = row.message ?? row.pending;
  if (!of) return row;
  const before = made.get(of);
  if (
    before &&
    before.isOwn === row.isOwn &&
    before.isFirst === row.isFirst &&
    before.isLast === row.isLast &&
    before.day === row.day &&
    before.isDivider === row.isDivider
  ) {
    return before;
  }
  made.set(of, row);
  return row;
}
