import type { MessageStatus } from "@/api/types";

const rank = { sent: 0, delivered: 1, seen: 2 } as const;

type Status = MessageStatus | null | undefined;

/** The further of two statuses; they only rise. */
export function higher(a: Status, b: Status): Status {
  if (a === undefined || a === null) return b === undefined ? a : b;
  if (b === undefined || b === null) return a;
  return rank[a] >= rank[b] ? a : b;
}
