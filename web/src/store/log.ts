/** One chat's log: messages put in their place, whatever order their news came in. */

import type { Message, MessagePage, Reaction } from "@/api/types";
import { emptyLog, type ChatLog } from "@/store/state";

const rank = { sent: 0, delivered: 1, seen: 2 } as const;

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

/** A message that is new here. One already held is newer or equal and stays; only its status may rise. */
export function addMessage(log: ChatLog, message: Message): ChatLog {
  if (message.seq < log.from || isHidden(log, message.seq)) return log;
  const index = indexOf(log.messages, message.seq);
  const held = log.messages[index];
  if (held?.seq === message.seq) {
    const status = higher(held.status, message.status);
    return status === held.status ? log : replaceAt(log, index, { ...held, status });
  }
  const messages = log.messages.slice();
  messages.splice(index, 0, message);
  return { ...log, messages };
}

/** The present state of a message that changed. What pushes leave out is kept from what is held. */
export function changeMessage(log: ChatLog, message: Message, mine?: string | null): ChatLog {
  if (message.seq < log.from) {
    if (isHidden(log, message.seq)) return log;
    return { ...log, strays: { ...log.strays, [message.seq]: message } };
  }
  const index = indexOf(log.messages, message.seq);
  const held = log.messages[index];
  // Not held and not older: hidden for me. It stays hidden.
  if (held?.seq !== message.seq) return log;
  return replaceAt(log, index, overlay(held, message, mine));
}

/** A message hidden for me alone, perhaps before it has come at all. */
export function hideMessage(log: ChatLog, seq: number): ChatLog {
  const messages = log.messages.filter((message) => message.seq !== seq);
  return { ...log, messages, strays: { ...log.strays, [seq]: null } };
}

/** Whether a message is known to be hidden for me. */
export function isHidden(log: ChatLog, seq: number): boolean {
  return log.strays[seq] === null;
}

/** A page of history. It joins the window only where it touches it; then the window reaches further back. */
export function addPage(log: ChatLog, page: MessagePage, before: number | undefined): ChatLog {
  const low = page.has_more_before ? (page.results[0]?.seq ?? log.from) : 1;
  const high = before === undefined ? Infinity : before - 1;
  if (high < log.from - 1) return log;
  let next: ChatLog = { ...log, from: Math.min(log.from, low) };
  const strays = { ...log.strays };
  const fresh: Message[] = [];
  for (const message of page.results) {
    const stray = strays[message.seq];
    if (stray === null) continue;
    delete strays[message.seq];
    if (message.seq >= log.from) next = addMessage(next, message);
    else fresh.push(stray ? overlay(message, stray) : message);
  }
  next = { ...next, strays, messages: fresh.length ? [...fresh, ...next.messages] : next.messages };
  return next;
}

/** The log forgets its messages and goes on from `head`. */
export function resetLog(head: number): ChatLog {
  return emptyLog(head);
}

function overlay(held: Message, message: Message, mine?: string | null): Message {
  const reactions = message.reactions?.map((reaction) => withMine(reaction, held.reactions, mine));
  const status = higher(held.status, message.status);
  return {
    ...held,
    ...message,
    ...(status === undefined ? {} : { status }),
    ...(reactions ? { reactions } : {}),
  };
}

function withMine(reaction: Reaction, held: Reaction[] | undefined, mine?: string | null): Reaction {
  if (reaction.mine !== undefined) return reaction;
  const before = held?.find((other) => other.emoji === reaction.emoji)?.mine ?? false;
  return { ...reaction, mine: mine === undefined ? before : mine === reaction.emoji };
}

/** The further of two statuses; they only rise. */
export function higher(a: Message["status"], b: Message["status"]): Message["status"] {
  if (a === undefined || a === null) return b === undefined ? a : b;
  if (b === undefined || b === null) return a;
  return rank[a] >= rank[b] ? a : b;
}

function replaceAt(log: ChatLog, index: number, message: Message): ChatLog {
  const messages = log.messages.slice();
  messages[index] = message;
  return { ...log, messages };
}
