/** Everything that may change the state: what the server pushes, what it answers, what happens here. */

import type { Requests } from "@/api/connections";
import type { Chat, ConnectionRequest, Contact, Id, MessagePage, Profile, Time, User, Users } from "@/api/types";
import type { Sent, ServerEvent, SyncAnswer } from "@/socket/protocol";
import type { Connection, Pending, Place, State } from "@/store/state";

export type LocalEvent =
  | { event: "local:restored"; data: Partial<State> }
  | { event: "local:connection"; data: { connection: Connection } }
  /** A start from nothing: all that came from the server is dropped but for the person and the outbox. */
  | {
      event: "local:afresh";
      data: { place: Place; chats: Chat[]; contacts: Contact[]; requests: Requests; users: Users };
    }
  | { event: "local:sync"; data: SyncAnswer }
  | { event: "local:me"; data: { me: Profile } }
  | { event: "local:user"; data: { user: User } }
  | { event: "local:chat"; data: { chat: Chat & { users?: Users } } }
  | { event: "local:chat-missing"; data: { chat: Id } }
  | { event: "local:page"; data: { chat: Id; page: MessagePage; before?: number | undefined } }
  | { event: "local:contacts"; data: { results: Contact[]; users: Users } }
  | { event: "local:request"; data: { request: ConnectionRequest; users?: Users | undefined } }
  | { event: "local:presence"; data: { user: Id; online: boolean | null; last_seen: Time | null }[] }
  | { event: "local:queued"; data: { pending: Pending } }
  | { event: "local:sent"; data: { sent: Sent } }
  | { event: "local:failed"; data: { clientId: string; code: string } }
  | { event: "local:retried"; data: { clientId: string } }
  | { event: "local:discarded"; data: { clientId: string } }
  | { event: "local:draft"; data: { chat: Id; text: string } }
  /** Time has passed: typing that was not renewed is over. */
  | { event: "local:tick"; data: Record<string, never> };

export type StoreEvent = ServerEvent | LocalEvent;
