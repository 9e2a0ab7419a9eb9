/**
 * The one normalised state. Plain data, never changed in place: every change makes new objects
 * along the changed path only, so that an unchanged part can be recognised by `===`.
 */

import type { Chat, ConnectionRequest, Id, Message, Profile, Time, Users } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";

/** What is held of one chat's log. */
export interface ChatLog {
  /** Every event up to this seq has been applied. */
  readonly head: number;
  /** All messages from this seq on are held; above `head` where nothing is held yet. */
  readonly from: number;
  /** Ascending by seq. */
  readonly messages: readonly Message[];
  /** Newer states of messages older than `from`, and null for any that is hidden: what comes late must not undo them. */
  readonly strays: Readonly<Record<number, Message | null>>;
  /** Events that came before their turn. */
  readonly early: Readonly<Record<number, ServerEvent>>;
}

/** How far one person has got in one chat. */
export interface Watermark {
  readonly delivered: number;
  readonly seen: number;
}

/** A message of mine that the server has not yet shown back in its place. */
export interface Pending {
  readonly clientId: string;
  readonly chat: Id;
  readonly text: string;
  readonly replyTo: number | null;
  readonly createdAt: Time;
  readonly state: "queued" | "sent" | "failed";
  /** The code the server refused it with. */
  readonly error: string | null;
}

export interface Presence {
  /** Null: not for me to know. */
  readonly online: boolean | null;
  readonly lastSeen: Time | null;
}

export interface Typing {
  readonly kind: "text" | "voice";
  /** Local milliseconds after which it is over without a word. */
  readonly until: number;
}

export interface ContactRow {
  readonly user: Id;
  readonly since: Time;
}

/** How far the personal log and the watermarks have been followed. */
export interface Place {
  readonly position: number;
  readonly marks: unknown;
  readonly epoch: string;
}

export type Connection = "offline" | "waiting" | "connecting" | "online";

export interface State {
  readonly me: Profile | null;
  readonly connection: Connection;
  /** Null until the first complete start. */
  readonly place: Place | null;
  readonly users: Users;
  readonly chats: Readonly<Record<Id, Chat>>;
  readonly logs: Readonly<Record<Id, ChatLog>>;
  readonly watermarks: Readonly<Record<Id, Readonly<Record<Id, Watermark>>>>;
  readonly typing: Readonly<Record<Id, Readonly<Record<Id, Typing>>>>;
  readonly contacts: Readonly<Record<Id, ContactRow>>;
  readonly requests: Readonly<Record<Id, ConnectionRequest>>;
  readonly presence: Readonly<Record<Id, Presence>>;
  readonly outbox: readonly Pending[];
  readonly drafts: Readonly<Record<Id, string>>;
  /** Events of the personal log that came before their turn. */
  readonly early: Readonly<Record<number, ServerEvent>>;
  /** Chats that were mentioned but are not known; a sync brings them. */
  readonly unknown: Readonly<Record<Id, true>>;
  /** Chats whose summary has to be read again. */
  readonly stale: Readonly<Record<Id, true>>;
  /** The contact list has to be read again. */
  readonly contactsStale: boolean;
}

export const emptyState: State = {
  me: null,
  connection: "connecting",
  place: null,
  users: {},
  chats: {},
  logs: {},
  watermarks: {},
  typing: {},
  contacts: {},
  requests: {},
  presence: {},
  outbox: [],
  drafts: {},
  early: {},
  unknown: {},
  stale: {},
  contactsStale: false,
};

/** A log of which nothing has been read yet. */
export function emptyLog(head: number): ChatLog {
  return { head, from: head + 1, messages: [], strays: {}, early: {} };
}

/** A copy of a record without one key; the same object where the key is absent. */
export function without<T>(record: Readonly<Record<string, T>>, key: string | number): Readonly<Record<string, T>> {
  if (!(key in record)) return record;
  const { [String(key)]: _, ...rest } = record;
  return rest;
}
