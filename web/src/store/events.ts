/** Everything that may change the state: what the server pushes, what it answers, what happens here. */

import type { Call } from "@/api/calls";
import type { Requests } from "@/api/connections";
import type { Notice } from "@/api/notifications";
import type { Status, StatusView } from "@/api/statuses";
import type { Chat, ConnectionRequest, Contact, Id, JoinRequest, Medium, Member, Message, MessagePage, Profile, Scheduled, Time, User, Users } from "@/api/types";
import type { Sent, ServerEvent, SyncAnswer } from "@/socket/protocol";
import type { Composing, Connection, Jump, Pending, PendingFile, Place, State, Statuses } from "@/store/state";

export type LocalEvent =
  | { event: "local:restored"; data: Partial<State> }
  | { event: "local:connection"; data: { connection: Connection } }
  | { event: "local:updating"; data: { isUpdating: boolean } }
  /** A start from nothing: all that came from the server is dropped but for the person and the outbox. */
  | {
      event: "local:afresh";
      data: { place: Place; chats: Chat[]; contacts: Contact[]; requests: Requests; users: Users };
    }
  | { event: "local:sync"; data: SyncAnswer }
  /** `held`: what was held of it when it was asked for; not given for what I have just changed. */
  | { event: "local:me"; data: { me: Profile; held?: Profile | null } }
  | { event: "local:user"; data: { user: User } }
  | { event: "local:users"; data: { users: Users } }
  /** `asked`: the position of the personal log when it was asked for; not given for what I have just changed. */
  | { event: "local:chat"; data: { chat: Chat & { users?: Users }; asked?: number | undefined } }
  | { event: "local:chat-missing"; data: { chat: Id } }
  /** `doubt`: the log's own when the page was asked for. */
  | { event: "local:page"; data: { chat: Id; page: MessagePage; before?: number | undefined; asked?: number | undefined; doubt?: number | undefined } }
  | { event: "local:contacts"; data: { results: Contact[]; users: Users } }
  | { event: "local:request"; data: { request: ConnectionRequest; users?: Users | undefined } }
  | { event: "local:presence"; data: { user: Id; online: boolean | null; last_seen: Time | null }[] }
  | { event: "local:queued"; data: { pending: Pending } }
  | { event: "local:sent"; data: { sent: Sent } }
  | { event: "local:failed"; data: { clientId: string; code: string } }
  | { event: "local:retried"; data: { clientId: string } }
  | { event: "local:discarded"; data: { clientId: string } }
  | { event: "local:file"; data: { clientId: string; key: string; changes: Partial<PendingFile> } }
  /** `part`: 0 to 1, null: over. */
  | { event: "local:progress"; data: { of: string; part: number | null } }
  | { event: "local:medium"; data: { media: Medium } }
  | { event: "local:draft"; data: { chat: Id; text: string } }
  | { event: "local:draft-told"; data: { chat: Id; text: string } }
  | { event: "local:join-requests"; data: { chat: Id; rows: JoinRequest[]; users?: Users } }
  | { event: "local:scheduled"; data: { chat: Id; rows: Scheduled[] } }
  | { event: "local:compose"; data: { chat: Id; composing: Composing | null } }
  | { event: "local:jump"; data: Jump }
  | { event: "local:jumped"; data: Jump }
  /** `at`: the seq of the chat when it was asked for. */
  | { event: "local:members"; data: { chat: Id; rows: Member[]; at: number; users?: Users } }
  | { event: "local:call"; data: { call: Call; users?: Users | undefined } }
  /** `asked`: those that were held when it was asked for. */
  | { event: "local:statuses"; data: { rows: Status[]; asked: Id[]; users?: Users } }
  | { event: "local:statuses-mode"; data: { mode: Statuses["mode"] } }
  | { event: "local:status"; data: { status: Status } }
  | { event: "local:status-viewed"; data: { id: Id } }
  | { event: "local:status-views"; data: { id: Id; views: StatusView[]; isComplete: boolean; users?: Users } }
  | { event: "local:voted"; data: { message: Message } }
  /** `asked`: the position when it was asked for; not given for a page of older ones. */
  | { event: "local:notices"; data: { rows: Notice[]; next: string | null; asked?: number | undefined; users?: Users } }
  /** The oldest warning was shown. */
  | { event: "local:warned"; data: Record<string, never> }
  /** Time has passed: typing that was not renewed is over, and messages and statuses have run out. */
  | { event: "local:tick"; data: Record<string, never> };

export type StoreEvent = ServerEvent | LocalEvent;
