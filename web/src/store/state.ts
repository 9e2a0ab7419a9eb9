/**
 * The one normalised state. Plain data, never changed in place: every change makes new objects
 * along the changed path only, so that an unchanged part can be recognised by `===`.
 */

import type { Call } from "@/api/calls";
import type { Export } from "@/api/exports";
import type { Notice } from "@/api/notifications";
import type { Status, StatusView } from "@/api/statuses";
import type { Chat, ConnectionRequest, Id, JoinRequest, Medium, MediumKind, Member, Message, Profile, Scheduled, Time, Users } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";

/** A chat with what this client has to remember of it. */
export interface HeldChat extends Chat {
  /** The seq as of which its name, permissions and the like are held. */
  readonly infoAt: number;
  /** The seq of the newest system message: what it tells of has changed the chat itself. */
  readonly changedAt: number;
}

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
  /** I have cleared the chat up to here: nothing of it is shown, however late it comes. */
  readonly cleared: number;
  /** Followed from here on: who came and went before is not known. */
  readonly since: number;
  /** How often the marks held have ceased to say how far my messages have got, */
  readonly doubt: number;
  /** and as of which doubt that was last read from the server. */
  readonly sure: number;
}

/** How far one person has got in one chat. */
export interface Watermark {
  readonly delivered: number;
  readonly seen: number;
  /** The seq at which they were seen to come. */
  readonly joined?: number;
  /** Has left the group: what is late of theirs counts no more. */
  readonly isGone?: boolean;
}

/** A file of a message of mine. */
export interface PendingFile {
  /** Names its bytes on this device. */
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly mime: string;
  readonly kind: MediumKind;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly waveform: number[] | null;
  /** The server keeps it as it is, whatever it is. */
  readonly isUntouched: boolean;
  /** Where its upload can be gone on with. */
  readonly address: string | null;
  /** What the server has made of it, once it has all of it. */
  readonly medium: Medium | null;
}

/** A message of mine that the server has not yet shown back in its place. */
export interface Pending {
  readonly clientId: string;
  readonly chat: Id;
  readonly kind: "text" | "location" | "contact" | "poll" | MediumKind;
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>> | null;
  readonly replyTo: number | null;
  readonly mentions: readonly Id[];
  readonly files: readonly PendingFile[];
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

/** What the next text of a chat answers, or which of my messages it replaces. */
export interface Composing {
  readonly kind: "reply" | "edit";
  readonly seq: number;
}

/** Who is in a group, as of a seq of its log. */
export interface Members {
  readonly rows: readonly Member[];
  readonly at: number;
}

/** A message to show in its chat. */
export interface Jump {
  readonly chat: Id;
  readonly seq: number;
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

/** What people show for a day. */
export interface Statuses {
  /** Switched off by me, or by the server altogether; null until it was asked. */
  readonly mode: "on" | "off" | "none" | null;
  readonly rows: Readonly<Record<Id, Status>>;
  /** Who has looked at mine, the latest first, as far as it was asked for or told. */
  readonly views: Readonly<Record<Id, readonly StatusView[]>>;
  /** Taken down: an answer asked for before must not bring them back. */
  readonly gone: Readonly<Record<Id, true>>;
}

/** What happened to me, the newest first, as far as it was read. */
export interface Notices {
  readonly rows: readonly Notice[];
  /** Where the older ones begin; null: that is all. */
  readonly next: string | null;
}

export type Connection = "offline" | "waiting" | "connecting" | "online";

export interface State {
  readonly me: Profile | null;
  readonly connection: Connection;
  /** What was missed is being read. */
  readonly isUpdating: boolean;
  /** Null until the first complete start. */
  readonly place: Place | null;
  readonly users: Users;
  readonly chats: Readonly<Record<Id, HeldChat>>;
  readonly logs: Readonly<Record<Id, ChatLog>>;
  readonly watermarks: Readonly<Record<Id, Readonly<Record<Id, Watermark>>>>;
  readonly typing: Readonly<Record<Id, Readonly<Record<Id, Typing>>>>;
  /** Of groups that have been looked at. */
  readonly members: Readonly<Record<Id, Members>>;
  readonly contacts: Readonly<Record<Id, ContactRow>>;
  readonly requests: Readonly<Record<Id, ConnectionRequest>>;
  readonly presence: Readonly<Record<Id, Presence>>;
  readonly outbox: readonly Pending[];
  /** How far files have come, 0 to 1: by their key on the way to the server, by their medium's id in its hands. */
  readonly progress: Readonly<Record<string, number>>;
  readonly drafts: Readonly<Record<Id, string>>;
  /** What this device has last told the others of a draft; it comes back as their news. */
  readonly toldDrafts: Readonly<Record<Id, string>>;
  readonly composing: Readonly<Record<Id, Composing>>;
  /** Who waits to be let into groups that I run, as far as it was asked for or told. */
  readonly joinRequests: Readonly<Record<Id, readonly JoinRequest[]>>;
  /** Messages for later, of the chats in which they were asked for; the next first. */
  readonly scheduled: Readonly<Record<Id, readonly Scheduled[]>>;
  readonly jump: Jump | null;
  /** Those that go on, and the few that have just ended. */
  readonly calls: Readonly<Record<Id, Call>>;
  readonly statuses: Statuses;
  /** Events of the personal log that came before their turn. */
  readonly early: Readonly<Record<number, ServerEvent>>;
  /** Chats that were mentioned but are not known; a sync brings them. */
  readonly unknown: Readonly<Record<Id, true>>;
  /** Chats whose summary has to be read again. */
  readonly stale: Readonly<Record<Id, true>>;
  /** Chats that were taken from me, with the position then: an answer asked for before is of no use. */
  readonly removed: Readonly<Record<Id, number>>;
  /** At which position of the personal log people were last told to have another name or picture. */
  readonly renamed: Readonly<Record<Id, number>>;
  /** People whom something shows and nothing has named yet. */
  readonly strangers: Readonly<Record<Id, true>>;
  /** My profile has to be read again. */
  readonly meStale: boolean;
  /** The contact list has to be read again. */
  readonly contactsStale: boolean;
  /** Null until they were asked for. */
  readonly notices: Notices | null;
  /** What the server counts as unread; null until it has said so. */
  readonly badge: number | null;
  /** Warnings of the server's staff that are still to be shown. */
  readonly warnings: readonly string[];
  /** What was last told of a copy of my data that is being made. */
  readonly export: Export | null;
}

export const emptyState: State = {
  me: null,
  connection: "connecting",
  isUpdating: false,
  place: null,
  users: {},
  chats: {},
  logs: {},
  watermarks: {},
  typing: {},
  members: {},
  contacts: {},
  requests: {},
  presence: {},
  outbox: [],
  progress: {},
  drafts: {},
  toldDrafts: {},
  composing: {},
  scheduled: {},
  joinRequests: {},
  jump: null,
  calls: {},
  statuses: { mode: null, rows: {}, views: {}, gone: {} },
  early: {},
  unknown: {},
  stale: {},
  removed: {},
  renamed: {},
  strangers: {},
  meStale: false,
  contactsStale: false,
  notices: null,
  badge: null,
  warnings: [],
  export: null,
};

/** A log of which nothing has been read yet. */
export function emptyLog(head: number): ChatLog {
  return { head, from: head + 1, messages: [], strays: {}, early: {}, cleared: 0, since: head, doubt: 0, sure: 0 };
}

/** A copy of a record without one key; the same object where the key is absent. */
export function without<T>(record: Readonly<Record<string, T>>, key: string | number): Readonly<Record<string, T>> {
  if (!(key in record)) return record;
  const { [String(key)]: _, ...rest } = record;
  return rest;
}
