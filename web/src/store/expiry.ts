/** Messages that disappear: readers hide them themselves, at their time. */

import type { Message } from "@/api/types";
import { recount, summarise } from "@/store/chats";
import { hideMessages } from "@/store/log";
import type { State } from "@/store/state";

const soonest = new WeakMap<readonly Message[], number>();

/** When the first of some messages runs out, in local milliseconds; remembered for the list. */
function firstEnd(messages: readonly Message[]): number {
  let at = soonest.get(messages);
  if (at === undefined) {
    at = Infinity;
    for (const message of messages) if (message.expires_at) at = Math.min(at, Date.parse(message.expires_at));
    soonest.set(messages, at);
  }
  return at;
}

/** Hides what has run out. */
export function expireMessages(state: State, now: number): State {
  let next = state;
  for (const [id, log] of Object.entries(state.logs)) {
    if (firstEnd(log.messages) > now) continue;
    const over = log.messages.filter((message) => message.expires_at && Date.parse(message.expires_at) <= now);
    const logs = { ...next.logs, [id]: hideMessages(log, ...over.map((message) => message.seq)) };
    next = recount(summarise({ ...next, logs }, id), id, true);
  }
  return next;
}
