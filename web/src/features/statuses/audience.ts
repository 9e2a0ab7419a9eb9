import type { StatusAudience } from "@/api/statuses";
import type { Id } from "@/api/types";

export type Mode = "all" | "except" | "only";

/** Whom one's statuses are for, as it was chosen the last time on this device. */
export interface Choice {
  mode: Mode;
  people: readonly Id[];
}

const KEY = "statuses.audience";
const EVERYBODY: Choice = { mode: "all", people: [] };

/** Of `contacts`: who is none any more is forgotten. "Only" may be left with nobody, and never becomes everybody. */
export function readChoice(contacts: ReadonlySet<Id>): Choice {
  try {
    const held = JSON.parse(localStorage.getItem(KEY) ?? "null") as Choice | null;
    return held ? { mode: held.mode, people: held.people.filter((id) => contacts.has(id)) } : EVERYBODY;
  } catch {
    return EVERYBODY;
  }
}

export function rememberChoice(choice: Choice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Then it holds for this status only.
  }
}

/** In the words of the protocol. */
export function audienceOf({ mode, people }: Choice): StatusAudience {
  if (mode === "only") return { only: [...people] };
  return mode === "except" && people.length > 0 ? { except: [...people] } : null;
}
