/** How far the members of a modelled chat have got, and what of it the server tells alice. */

import type { Id, MessageStatus } from "@/api/types";
import type { Mark, ServerEvent } from "@/socket/protocol";
import { alice } from "@/test/people";

/** One member's marks, as the server keeps them. */
export interface Standing {
  delivered: number;
  seen: number;
  /** The seq of their coming; 0 in a direct chat. */
  joined: number;
  /** Orders the marks of all chats by when they last rose. */
  changed: number;
}

/** Who is in a chat, by id. */
export type Standings = Record<Id, Standing>;

/** A newcomer's marks start at the place of joining. */
export function standingAt(joined: number, changed: number): Standing {
  return { delivered: joined, seen: joined, joined, changed };
}

/** How far a message of alice's has got: the least of those it was sent to; nobody's, if they have all gone. */
export function statusAt(standings: Standings, quiet: ReadonlySet<Id>, seq: number): MessageStatus {
  const others = Object.entries(standings).filter(([id]) => id !== alice.id);
  const tellers = others.filter(([id]) => !quiet.has(id));
  const reached = (some: typeof others, kind: "delivered" | "seen"): boolean =>
    some.some(([, one]) => one.joined < seq) && some.every(([, one]) => one[kind] >= seq);
  if (reached(tellers, "seen")) return "seen";
  return reached(others, "delivered") ? "delivered" : "sent";
}

/** The pushes to alice when a member's marks have risen: in a group only where that covers a message of hers. */
export function pushesOf(told: Omit<Mark, "seq">, was: Standing, now: Standing, rules: { isGroup: boolean; isQuiet: boolean; own: readonly number[] }): ServerEvent[] {
  const isMine = told.user === alice.id;
  const covers = (from: number, upto: number): boolean => isMine || !rules.isGroup || rules.own.some((seq) => seq > from && seq <= upto);
  const pushes: ServerEvent[] = [];
  const isSeenTold = now.seen > was.seen && (isMine || !rules.isQuiet);
  if (isSeenTold && covers(was.seen, now.seen)) pushes.push({ event: "message:seen", data: { ...told, seq: now.seen } });
  // Elsewhere a seen mark says it of both.
  const isSaid = isSeenTold && (isMine || !rules.isGroup);
  if (now.delivered > was.delivered && !isSaid && covers(was.delivered, now.delivered)) pushes.push({ event: "message:delivered", data: { ...told, seq: now.delivered } });
  return pushes;
}

/** A member's marks as a sync tells them. */
export function syncedMarks(told: Omit<Mark, "seq">, now: Standing, isQuiet: boolean): ServerEvent[] {
  if (now.delivered === 0) return [];
  const delivered: ServerEvent = { event: "message:delivered", data: { ...told, seq: now.delivered } };
  const isSeenTold = now.seen > 0 && (told.user === alice.id || !isQuiet);
  return isSeenTold ? [delivered, { event: "message:seen", data: { ...told, seq: now.seen } }] : [delivered];
}
