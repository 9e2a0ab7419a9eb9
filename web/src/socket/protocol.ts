/** The frames of the socket as discriminated unions; names and shapes are the contract's. */

import type { Call, CallReason } from "@/api/calls";
import type { Export } from "@/api/exports";
import type { Notice } from "@/api/notifications";
import type { SharedStatus, StatusView } from "@/api/statuses";
import type { Chat, ConnectionRequest, Id, JoinRequest, Medium, Message, Scheduled, SyncRequest, Time, Users } from "@/api/types";

export interface Ready {
  user: Id;
  device: Id;
  server_time: Time;
  /** Seconds between pings, at most. */
  heartbeat: number;
  position: number;
  marks: unknown;
  epoch: string;
}

export interface Pong {
  heads: Record<Id, number>;
  position: number;
  epoch: string;
  sync?: boolean;
}

export interface Sent {
  chat: Id;
  id: Id;
  seq: number;
  client_id: string;
  created_at: Time;
  duplicate: boolean;
}

export interface SyncAnswer {
  events: ServerEvent[];
  heads: Record<Id, number>;
  position: number;
  marks: unknown;
  epoch: string;
  more: boolean;
  reset: Id[];
  gone: Id[];
  users: Users;
}

export interface Mark {
  chat: Id;
  user: Id;
  seq: number;
  at?: Time;
}

export type Change = "edited" | "deleted" | "reacted" | "pinned" | "media" | "voted";

interface Frame<E extends string, D> {
  event: E;
  data: D & { users?: Users };
}

export interface MessageUpdated {
  chat: Id;
  seq: number;
  by: Id | null;
  change: Change;
  message: Message;
  reaction?: { user: Id; emoji: string | null };
}

export interface MessageHidden {
  chat: Id;
  message_seq: number;
  position?: number;
}

/** What the server pushes. Durable events carry `chat` and `seq`, or a `position` of the personal log. */
export type ServerEvent =
  /** With a system message comes the chat as it is then. */
  | Frame<"chat:receive", { message: Message; chat?: Pick<Chat, "id"> & Partial<Chat> }>
  | Frame<"message:updated", MessageUpdated>
  | Frame<"message:starred", { chat: Id; message_seq: number; starred: boolean }>
  | Frame<"message:hidden", MessageHidden>
  | Frame<"message:delivered", Mark>
  | Frame<"message:seen", Mark>
  | Frame<"chat:typing", { chat: Id; user: Id; typing: boolean; kind?: "text" | "voice" }>
  | Frame<"chat:new", { chat: Chat; position?: number }>
  | Frame<"chat:updated", { chat: Pick<Chat, "id"> & Partial<Chat>; position?: number }>
  | Frame<"chat:cleared", { chat: Id; seq: number; hidden: boolean; position?: number }>
  | Frame<"media:updated", { media: Medium }>
  | Frame<"join:request", { request: JoinRequest; position?: number }>
  | Frame<"join:decided", { request: JoinRequest; position?: number }>
  | Frame<"scheduled:updated", { scheduled: Scheduled; position?: number }>
  | Frame<"scheduled:removed", { chat: Id; id: Id; position?: number }>
  | Frame<"chat:removed", { chat: Id; position?: number }>
  | Frame<"user:online", { user: Id }>
  | Frame<"user:offline", { user: Id; last_seen: Time | null }>
  | Frame<"user:updated", { user: Id; position?: number }>
  | Frame<"user:erased", { user: Id; position?: number }>
  | Frame<"connection:request", { request: ConnectionRequest; position?: number }>
  | Frame<"connection:accepted", { request: ConnectionRequest; position?: number }>
  | Frame<"connection:rejected", { request: ConnectionRequest; position?: number }>
  | Frame<"connection:removed", { user: Id; position?: number }>
  | Frame<"call:new", { call: Call }>
  | Frame<"call:updated", { call: Call; answered_elsewhere?: boolean }>
  | Frame<"status:new", { status: SharedStatus }>
  | Frame<"status:deleted", { status: Id }>
  | Frame<"status:view", StatusView & { status: Id }>
  | Frame<"notification:new", { notification: Notice; position?: number }>
  | Frame<"notification:read", { notifications: Id[]; read_at: Time; position?: number }>
  | Frame<"notification:removed", { notification: Id; position?: number }>
  | Frame<"moderation:warning", { text: string; position?: number }>
  | Frame<"badge", { unread: number }>
  | Frame<"export:updated", { export: Export }>;

/** What devices in a call tell each other; the server passes it on with who sent it. */
export type CallSignal =
  | { event: "call:offer" | "call:answer"; data: Signalled & { sdp: RTCSessionDescriptionInit | null } }
  | { event: "call:ice"; data: Signalled & { candidate: RTCIceCandidateInit | null } }
  | { event: "call:ringing" | "call:reject" | "call:end"; data: Signalled };

export interface Signalled {
  call: Id;
  from: { user: Id; device: Id | null };
}

/** What the client asks, and what it is answered with. */
export interface Commands {
  auth: { data: { token: string }; reply: Ready };
  ping: { data: Record<string, never>; reply: Pong };
  sync: { data: SyncRequest; reply: SyncAnswer };
  "chat:send": {
    data: {
      chat: Id;
      client_id: string;
      text?: string;
      kind?: string;
      content?: Readonly<Record<string, unknown>>;
      reply_to?: number;
      mentions?: readonly Id[];
      attachments?: readonly Id[];
    };
    reply: Sent;
  };
  "message:edit": { data: { chat: Id; seq: number; text: string }; reply: MessageUpdated };
  "message:delete": { data: { chat: Id; seq: number; for: "me" | "everyone" }; reply: MessageUpdated | MessageHidden };
  "message:react": { data: { chat: Id; seq: number; emoji: string | null }; reply: MessageUpdated };
  "message:vote": { data: { chat: Id; seq: number; options: number[] }; reply: MessageUpdated };
  "call:offer": { data: { call: Id; to?: Id; sdp: RTCSessionDescriptionInit | null }; reply: unknown };
  "call:answer": { data: { call: Id; to?: Id; sdp: RTCSessionDescriptionInit | null }; reply: unknown };
  "call:ice": { data: { call: Id; to?: Id; candidate: RTCIceCandidateInit | null }; reply: unknown };
  "call:ringing": { data: { call: Id }; reply: unknown };
  "call:reject": { data: { call: Id }; reply: unknown };
  "call:end": { data: { call: Id; reason?: CallReason }; reply: unknown };
  "status:view": { data: { status: Id }; reply: unknown };
  "message:delivered": { data: { chat: Id; seq: number }; reply: Mark };
  "message:seen": { data: { chat: Id; seq: number }; reply: Mark };
}

/** What the client says without waiting for an answer. */
export interface Notes {
  "chat:typing": { chat: Id; typing: boolean; kind?: "text" | "voice" };
  active: { active: boolean };
}

/** A frame as it stands on the wire, before its name is known. */
export interface RawFrame {
  event: string;
  ref?: unknown;
  data?: unknown;
}

/** The socket's own inner error object. */
export interface ErrorData {
  code: string;
  message: string;
  retry_after?: number;
}
