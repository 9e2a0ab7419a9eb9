/**
 * The shapes of the HTTP API and of what the socket carries, as the contract has them.
 * Ids are opaque strings, `seq` is a number, times are RFC 3339 strings in UTC.
 */

export type Id = string;
export type Time = string;

export interface User {
  id: Id;
  username: string;
  name: string;
  avatar_url: string | null;
  about?: string | null;
}

export type Users = Record<Id, User>;

export type Audience = "everyone" | "connections" | "nobody";

export interface Privacy {
  last_seen: Audience;
  online: Audience;
  avatar: Audience;
  about: Audience;
  statuses: Audience;
  read_receipts: boolean;
  typing: boolean;
}

export interface Profile extends User {
  about: string;
  email: string | null;
  phone: string | null;
  privacy: Privacy;
  date_joined: Time;
}

export interface Device {
  id: Id;
  name: string;
  platform: string;
  /** The one that asks. */
  current: boolean;
  created_at: Time;
  last_used_at: Time;
}

export type MessageStatus = "sent" | "delivered" | "seen";

export interface Reaction {
  emoji: string;
  count: number;
  users: Id[];
  /** Only in answers to the viewer; pushes leave it out. */
  mine?: boolean;
}

export interface ReplyPreview {
  seq: number;
  sender: Id | null;
  kind: string;
  text: string | null;
}

/** What the page behind the first link of a message says of itself. */
export interface LinkPreview {
  url: string;
  title: string;
  description: string;
  site: string;
}

export type MediumKind = "image" | "video" | "audio" | "voice" | "file";

/** A file as the server has it. */
export interface Medium {
  id: Id;
  kind: MediumKind;
  mime: string;
  name: string;
  size: number;
  width: number | null;
  height: number | null;
  /** Seconds. */
  duration: number | null;
  blurhash: string | null;
  /** 64 numbers from 0 to 100. */
  waveform: number[] | null;
  /** Null until it is ready. */
  url: string | null;
  thumbnail_url: string | null;
  state: "processing" | "ready" | "rejected";
  /** Why it was rejected. */
  reason?: string | null;
  /** How far it is processed, 0 to 1. */
  progress?: number | null;
}

export interface Message {
  id: Id;
  chat: Id;
  seq: number;
  client_id: string | null;
  /** Null for system messages. */
  sender: Id | null;
  /** Known: text image video audio voice file location contact poll call system. */
  kind: string;
  /** Null when deleted, and where a kind has none. */
  text: string | null;
  /** By kind; read it with `api/content.ts`. */
  content?: Record<string, unknown> | null;
  attachments?: Medium[];
  reply_to?: ReplyPreview | null;
  forwarded?: boolean;
  /** Passed on so often that it goes to one chat at a time only. */
  forwarded_often?: boolean;
  /** User ids, or "all". */
  mentions?: Id[];
  reactions?: Reaction[];
  preview?: LinkPreview | null;
  pinned?: boolean;
  /** Only in answers to the viewer; pushes leave it out. */
  starred?: boolean;
  /** Null on others' messages; absent in pushes. */
  status?: MessageStatus | null;
  edited_at?: Time | null;
  deleted_at?: Time | null;
  expires_at?: Time | null;
  created_at: Time;
}

export type Role = "owner" | "admin" | "member";

export interface Membership {
  role?: Role;
  delivered: number;
  seen: number;
  muted_until?: Time | null;
  archived?: boolean;
  pinned?: boolean;
  marked_unread?: boolean;
  draft?: string | null;
  /** Deleted from the list: it stands there only while there is a last message. */
  hidden?: boolean;
}

export type Who = "all" | "admins";

/** Who may do what in a group; what a newcomer sees of its history. */
export interface Permissions {
  post: Who;
  edit_info: Who;
  invite: Who;
  history: "all" | "joined";
}

export interface Chat {
  id: Id;
  kind: "direct" | "group";
  name: string;
  avatar_url: string | null;
  description?: string;
  /** The other person of a direct chat. */
  peer?: Id | null;
  members_count: number;
  permissions?: Permissions;
  /** Seconds that a message lives which is sent from now on; null: for ever. */
  disappear_after?: number | null;
  head: number;
  last_message: Message | null;
  unread: number;
  mentions?: number;
  me: Membership;
  created_at: Time;
  updated_at: Time;
}

/** A person in a group. */
export interface Member {
  user: Id;
  role: Role;
  joined_at: Time;
}

/** A way into a group: a link and a QR code. */
export interface Invite {
  id: Id;
  /** Null once it works no more. */
  url: string | null;
  approval: boolean;
  max_uses: number | null;
  uses: number;
  expires_at: Time | null;
  created_by: Id;
  created_at: Time;
}

/** Someone who wants into a group that asks its admins. */
export interface JoinRequest {
  id: Id;
  chat: Id;
  user: Id;
  status: "pending" | "approved" | "rejected";
  created_at: Time;
}

/** A message of mine that waits for its time. */
export interface Scheduled {
  id: Id;
  chat: Id;
  client_id: string;
  kind: string;
  text: string;
  content: Record<string, unknown> | null;
  attachments: Medium[];
  reply_to: number | null;
  mentions: Id[];
  send_at: Time;
  /** The code of the error with which it could not be sent. */
  refused: string | null;
}

/** Whom a message has reached, and when. */
export interface MessageInfo {
  status: MessageStatus;
  receipts: { user: Id; delivered_at: Time | null; seen_at: Time | null }[];
  users?: Users;
}

export interface ConnectionRequest {
  id: Id;
  from: Id;
  to: Id;
  status: "pending" | "accepted" | "rejected" | "withdrawn" | "expired";
  expires_at: Time;
}

export interface Contact {
  user: User;
  online: boolean | null;
  last_seen: Time | null;
  chat: Id | null;
  since: Time;
}

export interface QrCode {
  token: string;
  url: string;
  svg: string;
  expires_at: Time;
}

export interface Page<T> {
  results: T[];
  next: string | null;
  users: Users;
}

export interface MessagePage {
  results: Message[];
  has_more_before: boolean;
  has_more_after: boolean;
  users: Users;
}

export interface ServerInfo {
  name: string;
  version: string;
  limits: Limits;
}

export interface Limits {
  /** Of one message. */
  attachments: number;
  /** Of one file. */
  media_bytes: number;
  avatar_bytes: number;
}

export interface SyncRequest {
  heads: Record<Id, number>;
  position: number;
  marks: unknown;
  epoch: string;
}
