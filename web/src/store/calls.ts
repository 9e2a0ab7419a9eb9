/** Calls that go on, and the few that have just ended. */

import type { Call } from "@/api/calls";
import type { Id } from "@/api/types";
import type { State } from "@/store/state";

const rank = { ringing: 0, active: 1, ended: 2 } as const;
/** So many are remembered after their end, for what comes late. */
const KEPT = 20;

/** A call in its newest state. What has ended stays so, whatever comes late. */
export function putCall(state: State, call: Call): State {
  const held = state.calls[call.id];
  if (held && (rank[call.state] < rank[held.state] || held.state === "ended")) return state;
  // Ids rise, so the oldest come first.
  const over = Object.values(state.calls).filter((one) => one.state === "ended" && one.id !== call.id);
  const dropped = new Set(over.slice(0, Math.max(0, over.length - KEPT)).map((one) => one.id));
  const calls = Object.fromEntries(Object.entries(state.calls).filter(([id]) => !dropped.has(id)));
  return { ...state, calls: { ...calls, [call.id]: call } };
}

/** My part in a call. */
export function myPart(state: State, call: Call): Call["participants"][number] | undefined {
  return call.participants.find((one) => one.user === state.me?.id);
}

/** Whether a call waits for my answer. */
export function isRinging(state: State, call: Call): boolean {
  const part = myPart(state, call)?.state;
  return call.state !== "ended" && call.caller !== state.me?.id && (part === "invited" || part === "ringing");
}

/** The call that goes on in a chat. */
export function callIn(state: State, chat: Id): Call | null {
  return Object.values(state.calls).find((call) => call.chat === chat && call.state !== "ended") ?? null;
}
