/**
 * A small model of the server as one viewer (alice) meets it: an ordered log for each chat, a
 * personal log, and watermarks; with lists, history pages and sync answers made from them.
 */

import type { Chat, ConnectionRequest, Contact, Id, Membership, Message, MessagePage, Reaction, SyncRequest, User, Users } from "@/api/types";
import type { Notice } from "@/api/notifications";
import type { Sent, ServerEvent, SyncAnswer } from "@/socket/protocol";
import type { StoreEvent } from "@/store/events";
import { pushesOf, standingAt, statusAt, syncedMarks, type Standings } from "@/test/marks";
import { alice, bob, carol, contact, directChat, everyone, groupChat, message, timeAt } from "@/test/people";
import { tallied } from "@/test/tally";

type Changes = "edited" | "deleted" | "reacted" | "voted" | "pinned";

/** Further behind a client reads a chat anew. */
const RESET_BEHIND = 20;

interface Entry {
  seq: number;
  message: Message;
  change: "new" | Changes;
  by: Id;
  reaction?: { user: Id; emoji: string | null };
}

interface Room {
  id: Id;
  /** Null for a group. */
  peer: Id | null;
  name: string;
  entries: Entry[];
  messages: Map<number, Message>;
  hidden: Set<number>;
  /** Alice's history begins after this. */
  start: number;
  mine: Partial<Membership>;
  /** The members' marks. */
  marks: Standings;
}

export class World {
  readonly rooms = new Map<Id, Room>();
  private personal: ServerEvent[] = [];
  private contacts = new Map<Id, Contact>();
  private requests = new Map<Id, ConnectionRequest>();
  /** The clock of the marks. */
  private moment = 0;
  /** The newest first. */
  private notices: Notice[] = [];
  private minute = 1;
  private users: Users = everyone;

  /** `quiet`: who tells no seen marks. */
  constructor(private readonly quiet: ReadonlySet<Id> = new Set()) {}

  /** A direct chat comes to be; its place is in the personal log. */
  open(id: Id, peer: Id): ServerEvent {
    this.found(id, peer, "");
    this.letIn(id, 0, alice.id, peer);
    return this.log({ event: "chat:new", data: { chat: this.chat(id), users: this.users } });
  }

  /** Bob makes a group; a known one takes alice in again, who is shown what went before if `isOpen`. */
  gather(id: Id, isOpen: boolean): ServerEvent[] {
    const known = this.rooms.get(id);
    if (!known) this.found(id, null, "Group");
    const room = this.room(id);
    const joined = room.entries.length + 1;
    Object.assign(room, { start: isOpen ? 0 : joined - 1, mine: {} });
    if (known) this.letIn(id, joined, alice.id);
    else this.letIn(id, joined, alice.id, bob.id, carol.id);
    const told = this.log({ event: "chat:new", data: { chat: this.chat(id), users: this.users } });
    return [told, ...(known ? this.system(id, "added", bob.id, [alice.id]) : this.system(id, "created", bob.id, []))];
  }

  /** Alice has to go. */
  expel(id: Id): ServerEvent {
    const room = this.room(id);
    delete room.marks[alice.id];
    this.system(id, "removed", bob.id, [alice.id]);
    return this.log({ event: "chat:removed", data: { chat: id } });
  }

  /** Somebody leaves the group, or comes back. */
  swing(id: Id, user: Id): ServerEvent[] {
    const room = this.room(id);
    if (user in room.marks) {
      delete room.marks[user];
      return this.system(id, "left", user, [user]);
    }
    this.letIn(id, room.entries.length + 1, user);
    return this.system(id, "added", alice.id, [user]);
  }

  rename(id: Id, name: string): ServerEvent[] {
    this.room(id).name = name;
    return this.system(id, "renamed", bob.id, []);
  }

  isMine(id: Id): boolean {
    return this.isIn(id, alice.id);
  }

  isIn(id: Id, user: Id): boolean {
    return user in this.room(id).marks;
  }

  /** Alice sets something for herself. */
  arrange(id: Id, mine: Partial<Membership>): ServerEvent {
    const room = this.room(id);
    room.mine = { ...room.mine, ...mine };
    return this.log({ event: "chat:updated", data: { chat: this.chat(id) } });
  }

  clear(id: Id, hidden: boolean): ServerEvent {
    const room = this.room(id);
    room.start = room.entries.length;
    room.mine = { ...room.mine, marked_unread: false, ...(hidden ? { hidden, pinned: false, archived: false, draft: null } : {}) };
    return this.log({ event: "chat:cleared", data: { chat: id, seq: room.start, hidden } });
  }

  private found(id: Id, peer: Id | null, name: string): void {
    this.rooms.set(id, { id, peer, name, entries: [], messages: new Map(), hidden: new Set(), start: 0, mine: {}, marks: {} });
  }

  private letIn(id: Id, joined: number, ...users: Id[]): void {
    this.moment++;
    for (const user of users) this.room(id).marks[user] = standingAt(joined, this.moment);
  }

  /** A change of a group, with its message and the push that says how it is now. */
  private system(id: Id, action: string, by: Id, users: Id[]): ServerEvent[] {
    const told = this.write(id, null, { kind: "system", text: null, content: { action, by, users } });
    const chat = infoOf(this.chat(id));
    if (told.event === "chat:receive") told.data.chat = chat;
    return [told, { event: "chat:updated", data: { chat } }];
  }

  private write(chat: Id, sender: Id | null, more: Partial<Message>): ServerEvent {
    const room = this.room(chat);
    const seq = room.entries.length + 1;
    const basis = message(seq, everyone[sender ?? ""] ?? alice, "");
    const made: Message = { ...basis, id: `${chat}-${seq}`, chat, client_id: null, sender, created_at: timeAt(this.minute++), ...more };
    room.messages.set(seq, made);
    room.entries.push({ seq, message: made, change: "new", by: sender ?? "" });
    return { event: "chat:receive", data: { message: this.quoting(room, made) } };
  }

  post(chat: Id, sender: Id, text: string, more: Partial<Message> = {}): ServerEvent {
    return this.write(chat, sender, { text, ...more });
  }

  /** A quote says what the quoted message says now. */
  private quoting(room: Room, made: Message): Message {
    const quoted = made.reply_to && room.messages.get(made.reply_to.seq);
    if (!made.reply_to || !quoted) return made;
    return { ...made, reply_to: { ...made.reply_to, text: quoted.deleted_at ? null : (quoted.text ?? "") } };
  }

  sent(chat: Id, seq: number, duplicate = false): Sent {
    const made = this.room(chat).messages.get(seq) as Message;
    return { chat, id: made.id, seq, client_id: made.client_id ?? "", created_at: made.created_at, duplicate };
  }

  /** Something is done to a message; nobody who may not see it is told. */
  change(chat: Id, target: number, change: Changes, by: Id, value: string): ServerEvent | null {
    const room = this.room(chat);
    const before = room.messages.get(target) as Message;
    const seq = room.entries.length + 1;
    const at = timeAt(this.minute++);
    const after: Message = { ...before };
    const entry: Entry = { seq, message: after, change, by };
    if (change === "edited") Object.assign(after, { text: value, edited_at: at });
    if (change === "deleted") Object.assign(after, { text: null, content: null, reply_to: null, mentions: [], deleted_at: at, reactions: [], pinned: false });
    if (change === "pinned") after.pinned = !before.pinned;
    if (change === "voted") after.content = { ...before.content, votes: tallied(before.content?.["votes"] as Reaction[], value, by) };
    if (change === "reacted") {
      entry.reaction = { user: by, emoji: value };
      after.reactions = tallied(before.reactions ?? [], value, by);
    }
    room.messages.set(target, after);
    room.entries.push(entry);
    return this.shows(room, after) ? this.changed(room, entry) : null;
  }

  hide(chat: Id, seq: number): ServerEvent {
    this.room(chat).hidden.add(seq);
    return this.log({ event: "message:hidden", data: { chat, message_seq: seq } });
  }

  /** A member raises a mark; what alice is told of it. */
  mark(chat: Id, user: Id, kind: "delivered" | "seen", seq: number): ServerEvent[] {
    const room = this.room(chat);
    const was = room.marks[user];
    if (!was || was[kind] >= seq) return [];
    const now = { ...was, delivered: Math.max(was.delivered, seq), seen: kind === "seen" ? seq : was.seen, changed: ++this.moment };
    room.marks[user] = now;
    const own = [...room.messages.values()].filter((m) => m.sender === alice.id).map((m) => m.seq);
    const told = { chat, user, at: timeAt(this.minute++) };
    return pushesOf(told, was, now, { isGroup: room.peer === null, isQuiet: this.quiet.has(user), own });
  }

  ask(id: Id): ServerEvent {
    const request: ConnectionRequest = { id, from: carol.id, to: alice.id, status: "pending", expires_at: timeAt(50) };
    this.requests.set(id, request);
    return this.log({ event: "connection:request", data: { request, users: this.users } });
  }

  answer(id: Id, status: "accepted" | "rejected"): ServerEvent {
    const request: ConnectionRequest = { ...(this.requests.get(id) as ConnectionRequest), status };
    this.requests.delete(id);
    if (status === "accepted") this.contacts.set(carol.id, contact(carol));
    return this.log({ event: `connection:${status}`, data: { request, users: this.users } });
  }

  notify(by: Id): ServerEvent {
    const notice: Notice = { id: `n${this.personal.length}`, kind: "reaction", by, data: { chat: "10", seq: 1 }, created_at: timeAt(this.minute++), read_at: null };
    this.notices = [notice, ...this.notices];
    return this.log({ event: "notification:new", data: { notification: notice } });
  }

  /** Alice has looked at her notifications on another device. */
  readNotices(): ServerEvent {
    const at = timeAt(this.minute++);
    const unread = this.notices.filter((one) => one.read_at === null).map((one) => one.id);
    this.notices = this.notices.map((one) => ({ ...one, read_at: one.read_at ?? at }));
    return this.log({ event: "notification:read", data: { notifications: unread, read_at: at } });
  }

  /** What the newest one told of is over. */
  withdrawNotice(): ServerEvent[] {
    const [newest, ...others] = this.notices;
    if (!newest) return [];
    this.notices = others;
    return [this.log({ event: "notification:removed", data: { notification: newest.id } })];
  }

  /** The answer of the list, asked for at a position. */
  listNotices(asked: number | undefined): StoreEvent {
    return { event: "local:notices", data: { rows: this.notices, next: null, asked, users: this.users } };
  }

  /** Somebody calls themselves otherwise. */
  call(user: Id, name: string): ServerEvent {
    this.users = { ...this.users, [user]: { ...(this.users[user] as User), name } };
    return this.log({ event: "user:updated", data: { user, users: this.users } });
  }

  part(user: Id): ServerEvent {
    this.contacts.delete(user);
    return this.log({ event: "connection:removed", data: { user } });
  }

  /** At most one open request between two people, and none between contacts. */
  mayAsk(): boolean {
    return this.requests.size === 0 && !this.contacts.has(carol.id);
  }

  hasContact(user: Id): boolean {
    return this.contacts.has(user);
  }

  /** The answers a fresh client reads, as one event. */
  afresh(): StoreEvent {
    return {
      event: "local:afresh",
      data: {
        place: { position: this.personal.length, marks: this.moment, epoch: "e1" },
        // One deleted from the list stands in it only with a message.
        chats: this.myRooms().map((room) => this.chat(room.id)).filter((chat) => !chat.me.hidden || chat.last_message),
        contacts: [...this.contacts.values()],
        requests: { incoming: [...this.requests.values()], outgoing: [], users: this.users },
        users: this.users,
      },
    };
  }

  page(chat: Id, before: number | undefined, limit: number): MessagePage {
    const room = this.room(chat);
    const all = this.visible(room).filter((m) => before === undefined || m.seq < before);
    const results = all.slice(-limit).map((m) => this.forViewer(room, m));
    return { results, has_more_before: all.length > limit, has_more_after: before !== undefined, users: this.users };
  }

  sync(request: SyncRequest, pageSize: number): SyncAnswer {
    const answer: SyncAnswer = {
      events: [],
      heads: {},
      position: this.personal.length,
      marks: request.marks,
      epoch: "e1",
      more: false,
      reset: [],
      gone: [],
      users: this.users,
    };
    const dropped = new Set<Id>();
    /** Of these a system message tells, shown or not. */
    const changed = new Set<Room>();
    const missed = this.personal.slice(request.position);
    const renamed = new Map(missed.flatMap((event) => (event.event === "user:updated" ? [[event.data.user, event] as const] : [])));
    for (const event of missed) {
      if (event.event === "chat:new") continue;
      if (event.event === "user:updated" && renamed.get(event.data.user) !== event) continue;
      if (event.event === "chat:removed") dropped.add(event.data.chat);
      if (event.event === "chat:cleared" && this.isMine(event.data.chat)) changed.add(this.room(event.data.chat));
      if (event.event === "user:updated") answer.events.push({ ...event, data: { ...event.data, users: this.users } });
      else if (event.event !== "chat:updated") answer.events.push(event);
      else if (this.isMine(event.data.chat.id)) answer.events.push({ ...event, data: { ...event.data, chat: this.chat(event.data.chat.id) } });
    }
    answer.gone = Object.keys(request.heads).filter((id) => !this.isMine(id));
    for (const room of this.myRooms()) {
      const held = dropped.has(room.id) ? undefined : request.heads[room.id];
      if (held === undefined) {
        answer.events.push({ event: "chat:new", data: { chat: this.chat(room.id) } });
        answer.heads[room.id] = room.entries.length;
        continue;
      }
      if (room.entries.length - held > RESET_BEHIND) {
        answer.reset.push(room.id);
        answer.heads[room.id] = room.entries.length;
        changed.add(room);
        continue;
      }
      const behind = room.entries.slice(held, held + pageSize);
      for (const entry of behind) {
        const present = room.messages.get(entry.message.seq) as Message;
        if (present.kind === "system") changed.add(room);
        if (this.shows(room, present)) answer.events.push(this.changed(room, { ...entry, message: present }));
      }
      answer.heads[room.id] = held + behind.length;
      if (held + behind.length < room.entries.length) answer.more = true;
    }
    for (const room of changed) answer.events.push({ event: "chat:updated", data: { chat: infoOf(this.chat(room.id)) } });
    if (answer.more) return answer;
    // Watermarks may be told twice; here the last few are told again each time.
    const risen = (changed: number): boolean => changed > (request.marks as number) - 3;
    for (const room of this.myRooms()) {
      for (const [user, now] of Object.entries(room.marks)) {
        if (risen(now.changed)) answer.events.push(...syncedMarks({ chat: room.id, user, at: timeAt(now.changed) }, now, this.quiet.has(user)));
      }
    }
    return { ...answer, marks: this.moment };
  }

  chat(id: Id): Chat {
    const room = this.room(id);
    const { delivered = 0, seen = 0 } = room.marks[alice.id] ?? {};
    const me: Membership = { delivered, seen, ...room.mine };
    const shown = this.visible(room);
    const last = shown.at(-1);
    const unread = shown.filter((m) => m.sender !== null && m.sender !== alice.id && m.seq > me.seen && !m.deleted_at);
    const summary = {
      id,
      head: room.entries.length,
      last_message: last ? this.forViewer(room, last) : null,
      unread: unread.length,
      mentions: unread.filter((m) => m.mentions?.some((one) => one === "all" || one === alice.id)).length,
      members_count: Object.keys(room.marks).length,
      me,
    };
    if (room.peer === null) return groupChat({ ...summary, name: room.name });
    return directChat({ ...summary, peer: room.peer, name: this.users[room.peer]?.name ?? "" });
  }

  private myRooms(): Room[] {
    return [...this.rooms.values()].filter((room) => this.isMine(room.id));
  }

  /** As alice sees it, with what only she is told. */
  private forViewer(room: Room, given: Message): Message {
    const made = this.quoting(room, given);
    const mine = <T extends { users: Id[] }>(tally: T): T => ({ ...tally, mine: tally.users.includes(alice.id) });
    const votes = made.content?.["votes"];
    const viewed: Message = { ...made, reactions: (made.reactions ?? []).map(mine), status: null };
    if (Array.isArray(votes)) viewed.content = { ...made.content, votes: (votes as Reaction[]).map(mine) };
    if (made.sender !== alice.id) return viewed;
    return { ...viewed, status: statusAt(room.marks, this.quiet, made.seq) };
  }

  private shows(room: Room, made: Message): boolean {
    return made.seq > room.start && !room.hidden.has(made.seq);
  }

  private visible(room: Room): Message[] {
    return [...room.messages.values()].filter((m) => this.shows(room, m));
  }

  private changed(room: Room, entry: Entry): ServerEvent {
    const { seq, change, by, reaction } = entry;
    const shown = this.quoting(room, entry.message);
    if (change === "new") return { event: "chat:receive", data: { message: shown } };
    return { event: "message:updated", data: { chat: room.id, seq, by, change, message: shown, ...(reaction ? { reaction } : {}) } };
  }

  private log<E extends ServerEvent>(event: E): E {
    const placed = { ...event, data: { ...event.data, position: this.personal.length + 1 } };
    this.personal.push(placed);
    return placed;
  }

  private room(id: Id): Room {
    const room = this.rooms.get(id);
    if (!room) throw new Error(`No chat ${id}.`);
    return room;
  }
}

/** What all members see of a chat alike. */
function infoOf({ me: _me, unread: _unread, mentions: _mentions, last_message: _last, peer: _peer, ...info }: Chat): Omit<Chat, "me" | "unread" | "mentions" | "last_message" | "peer"> {
  return info;
}
