/** One chat's log: messages put in their place, whatever order their news came in. */

import type { Id, Message, MessagePage } from "@/api/types";
import { overlay } from "@/store/messages";
import { higher } from "@/store/status";
import { emptyLog, type ChatLog } from "@/store/state";

/** Where a seq stands, or would stand, among the messages held. */
function indexOf(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle] as Message).seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The message with this seq, where it is held. */
export function messageAt(log: ChatLog | undefined, seq: number): Message | null {
  const found = log?.messages[indexOf(log.messages, seq)];
  return found?.seq === seq ? found : null;
}

/** What a message that is read again says of its status: the further counts, or only its word, or only what is held. */
type Word = "raises" | "replaces" | "is old";

/** A message that is new here. One already held is newer or equal and stays but for its status. */
export function addMessage(log: ChatLog, message: Message, word: Word = "raises"): ChatLog {
  if (message.seq < log.from || isHidden(log, message.seq)) return log;
  const index = indexOf(log.messages, message.seq);
  const held = log.messages[index];
  if (held?.seq === message.seq) {
    const status = wordOn(held, message, word);
    return status === held.status ? log : replaceAt(log, index, { ...held, status });
  }
  const messages = log.messages.slice();
  messages.splice(index, 0, requoted(log, message));
  return { ...log, messages };
}

function wordOn(held: Message, message: Message, word: Word): Message["status"] {
  if (word === "raises") return higher(held.status, message.status);
  return word === "replaces" ? (message.status ?? held.status) : (held.status ?? message.status);
}

/** The present state of a message that changed. What pushes leave out is kept from what is held. */
export function changeMessage(log: ChatLog, message: Message, me: Id | undefined, mine?: string | null): ChatLog {
  if (isHidden(log, message.seq)) return log;
  if (message.seq < log.from) {
    return requoteAll({ ...log, strays: { ...log.strays, [message.seq]: message } }, message);
  }
  const index = indexOf(log.messages, message.seq);
  const held = log.messages[index];
  // Not held and not older: hidden for me. It stays hidden.
  if (held?.seq !== message.seq) return log;
  return requoteAll(replaceAt(log, index, overlay(held, message, me, mine)), message);
}

/** Changes what is held of one message, where it is. */
export function patchMessage(log: ChatLog, seq: number, change: (held: Message) => Message): ChatLog {
  const index = indexOf(log.messages, seq);
  const held = log.messages[index];
  return held?.seq === seq ? replaceAt(log, index, change(held)) : log;
}

/** Messages hidden for me alone, perhaps before they have come at all. */
export function hideMessages(log: ChatLog, ...seqs: number[]): ChatLog {
  const messages = log.messages.filter((message) => !seqs.includes(message.seq));
  const strays = { ...log.strays };
  for (const seq of seqs) strays[seq] = null;
  return { ...log, messages, strays };
}

/** Everything up to a seq is gone for me. */
export function clearLog(log: ChatLog, seq: number): ChatLog {
  if (seq <= log.cleared) return log;
  return {
    ...log,
    cleared: seq,
    // There is nothing left to read before what is held.
    from: log.from <= seq + 1 ? 1 : log.from,
    messages: log.messages.filter((message) => message.seq > seq),
    strays: Object.fromEntries(Object.entries(log.strays).filter(([at]) => Number(at) > seq)),
  };
}

/** Whether a message is known not to be shown to me. */
export function isHidden(log: ChatLog, seq: number): boolean {
  return seq <= log.cleared || log.strays[seq] === null;
}

/**
 * A page of history. It joins the window only where it touches it; then the window reaches further
 * back. `doubt`: the log's when the page was asked for.
 */
export function addPage(log: ChatLog, page: MessagePage, before: number | undefined, doubt: number, me: Id | undefined): ChatLog {
  const first = page.has_more_before ? (page.results[0]?.seq ?? log.from) : 1;
  const low = first <= log.cleared + 1 ? 1 : first;
  const high = before === undefined ? Infinity : before - 1;
  // A newest page that was asked for before the last one that counted is the newest no more.
  if (high < log.from - 1 || (before === undefined && doubt < log.sure)) return log;
  // The newest page settles the doubts from before it: where all whom a message was sent to have gone, its status falls.
  // Not where more is still to come between what was followed and the page: that it says nothing of.
  const settles = before === undefined && doubt > log.sure && first <= log.head + 1;
  const word = settles ? "replaces" : doubt < log.sure ? "is old" : "raises";
  let next: ChatLog = { ...log, from: Math.min(log.from, low), sure: settles ? doubt : log.sure };
  const strays = { ...log.strays };
  const fresh: Message[] = [];
  for (const message of page.results) {
    if (isHidden(log, message.seq)) continue;
    const stray = strays[message.seq];
    delete strays[message.seq];
    if (message.seq >= log.from) next = addMessage(next, message, word);
    else fresh.push(stray ? overlay(message, stray, me) : message);
  }
  next = { ...next, strays, messages: fresh.length ? [...fresh, ...next.messages] : next.messages };
  // The page may be older than what is held of the messages that it quotes.
  return { ...next, messages: mapChanged(next.messages, (message) => (message.seq < log.from ? requoted(next, message) : message)) };
}

/** The log forgets its messages and goes on from `head`; what was asked for before says nothing of it. */
export function resetLog(log: ChatLog, head: number): ChatLog {
  return { ...emptyLog(head), doubt: log.doubt + 1, sure: log.doubt + 1 };
}

/** A message whose quote says what the quoted message says now, as far as that is held. */
function requoted(log: ChatLog, message: Message): Message {
  const quote = message.reply_to;
  if (!quote) return message;
  const quoted = messageAt(log, quote.seq) ?? log.strays[quote.seq];
  return quoted ? withQuote(message, quoted) : message;
}

/** All quotes of a message that has changed. */
function requoteAll(log: ChatLog, quoted: Message): ChatLog {
  const messages = mapChanged(log.messages, (message) => withQuote(message, quoted));
  return messages === log.messages ? log : { ...log, messages };
}

const QUOTE_CHARS = 200;

function withQuote(message: Message, quoted: Message): Message {
  const quote = message.reply_to;
  if (quote?.seq !== quoted.seq) return message;
  const text = quoted.deleted_at ? null : (quoted.text ?? "").slice(0, QUOTE_CHARS);
  return text === quote.text ? message : { ...message, reply_to: { ...quote, text } };
}

/** The same list where nothing in it changes. */
export function mapChanged<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let isChanged = false;
  const mapped = list.map((item) => {
    const next = change(item);
    isChanged ||= next !== item;
    return next;
  });
  return isChanged ? mapped : list;
}

function replaceAt(log: ChatLog, index: number, message: Message): ChatLog {
  const messages = log.messages.slice();
  messages[index] = message;
  return { ...log, messages };
}
