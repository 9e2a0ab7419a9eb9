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

// A row that is as before is the same object as before, so that only what changed is drawn.
const times = new WeakMap<object, number>();
const made = new WeakMap<object, Row>();

/** The rows of the chat looked at last, which most often only gets one more. */
interface Held {
  messages: readonly Message[];
  rows: readonly Row[];
  me: Id | undefined;
  dividerAfter: number | null;
  /** One of them disappears then. */
  until: number;
}

let held: Held | null = null;

/** Puts messages and what is on its way into rows; the start that did not change since the last call is kept. */
export function rowsOf(messages: readonly Message[], pending: readonly Pending[], me: Id | undefined, dividerAfter: number | null): Row[] {
  const now = Date.now();
  const rows = keptRows(messages, me, dividerAfter, now);
  const kept = rows.length;
  let until = kept > 0 && held ? held.until : Infinity;
  let isWhole = true;
  let divided = dividerAfter === null || rows.some((row) => row.isDivider);
  let last = rows.at(-1) ?? null;
  let dayStart = last ? dayKey(timeIn(last)) : -Infinity;

  const add = (row: Row): void => {
    const time = timeIn(row);
    const at = timeOf(row);
    if (at < dayStart || at >= dayStart + SHORTEST_DAY_MS) {
      const start = dayKey(time);
      if (start !== dayStart) row.day = time;
      dayStart = start;
    }
    const isRun =
      last !== null && senderOf(last, me) === senderOf(row, me) && !row.day && !row.isDivider && at - timeOf(last) < PAUSE_MS && row.message?.kind !== "system";
    if (isRun && last) {
      row.isFirst = false;
      last.isLast = false;
    }
    last = row;
    rows.push(row);
  };

  for (const message of messages.slice(kept)) {
    if (message.expires_at) {
      const end = Date.parse(message.expires_at);
      // Readers hide disappearing messages themselves, at their time.
      if (end <= now) {
        isWhole = false;
        continue;
      }
      until = Math.min(until, end);
    }
    const isOwn = message.sender === me;
    const isDivider: boolean = !divided && !isOwn && message.seq > (dividerAfter ?? 0);
    divided ||= isDivider;
    const key = isOwn && message.client_id ? message.client_id : String(message.seq);
    add({ key, seq: message.seq, message, pending: null, isOwn, isFirst: true, isLast: true, day: null, isDivider });
  }
  for (const entry of pending) {
    add({ key: entry.clientId, seq: null, message: null, pending: entry, isOwn: true, isFirst: true, isLast: true, day: null, isDivider: false });
  }
  for (let n = kept; n < rows.length; n += 1) rows[n] = asBefore(rows[n] as Row);
  held = isWhole ? { messages, rows, me, dividerAfter, until } : null;
  return rows;
}

/** A copy of the rows held whose messages are the same; without the last of them: what follows decides how it looks. */
function keptRows(messages: readonly Message[], me: Id | undefined, dividerAfter: number | null, now: number): Row[] {
  if (held?.me !== me || held?.dividerAfter !== dividerAfter || now >= held.until) return [];
  let same = 0;
  while (same < messages.length && messages[same] === held.messages[same]) same += 1;
  return held.rows.slice(0, Math.max(0, same - 1));
}

function timeIn(row: Row): string {
  return row.message?.created_at ?? row.pending?.createdAt ?? "";
}

function senderOf(row: Row, me: Id | undefined): Id | null {
  return row.message ? row.message.sender : (me ?? null);
}

function timeOf(row: Row): number {
  const of = row.message ?? row.pending ?? row;
  let at = times.get(of);
  if (at === undefined) times.set(of, (at = Date.parse(timeIn(row))));
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
