/**
 * A small model of the server as one viewer (alice) meets it: an ordered log for each chat, a
 * personal log, and watermarks; with lists, history pages and sync answers made from them.
 */

import type { Chat, ConnectionRequest, Contact, Id, Message, MessagePage, SyncRequest } from "@/api/types";
import type { Mark, Sent, ServerEvent, SyncAnswer } from "@/socket/protocol";
import type { StoreEvent } from "@/store/events";
import { alice, carol, contact, directChat, everyone, message, timeAt } from "@/test/people";

interface Entry {
  seq: number;
  message: Message;
  change: "new" | "edited" | "deleted" | "reacted";
  reaction?: { user: Id; emoji: string | null };
}

interface Room {
  id: Id;
  peer: Id;
  entries: Entry[];
  messages: Map<number, Message>;
  hidden: Set<number>;
  marks: Record<Id, { delivered: number; seen: number }>;
}

export class World {
  readonly rooms = new Map<Id, Room>();
  private personal: ServerEvent[] = [];
  private contacts = new Map<Id, Contact>();
  private requests = new Map<Id, ConnectionRequest>();
  private markEvents: ServerEvent[] = [];
  private minute = 1;

  /** A direct chat comes to be; its place is in the personal log. */
  open(id: Id, peer: Id): ServerEvent {
    const zero = { delivered: 0, seen: 0 };
    this.rooms.set(id, { id, peer, entries: [], messages: new Map(), hidden: new Set(), marks: { [alice.id]: zero, [peer]: zero } });
    return this.log({ event: "chat:new", data: { chat: this.chat(id), users: everyone } });
  }

  post(chat: Id, sender: Id, text: string, clientId: string | null = null): ServerEvent {
    const room = this.room(chat);
    const seq = room.entries.length + 1;
    const author = everyone[sender] ?? alice;
    const made = message(seq, author, text, { id: `${chat}-${seq}`, chat, client_id: clientId, created_at: timeAt(this.minute++) });
    room.messages.set(seq, made);
    room.entries.push({ seq, message: made, change: "new" });
    return { event: "chat:receive", data: { message: made } };
  }

  sent(chat: Id, seq: number, duplicate = false): Sent {
    const made = this.room(chat).messages.get(seq) as Message;
    return { chat, id: made.id, seq, client_id: made.client_id ?? "", created_at: made.created_at, duplicate };
  }

  change(chat: Id, target: number, change: "edited" | "deleted" | "reacted", by: Id, value: string): ServerEvent {
    const room = this.room(chat);
    const before = room.messages.get(target) as Message;
    const seq = room.entries.length + 1;
    const at = timeAt(this.minute++);
    const after: Message = { ...before };
    if (change === "edited") Object.assign(after, { text: value, edited_at: at });
    if (change === "deleted") Object.assign(after, { text: "", deleted_at: at, reactions: [] });
    const entry: Entry = { seq, message: after, change };
    if (change === "reacted") {
      entry.reaction = { user: by, emoji: value };
      const left = (before.reactions ?? []).filter((reaction) => !reaction.users.includes(by));
      after.reactions = [...left, { emoji: value + by, count: 1, users: [by] }];
      entry.reaction.emoji = value + by;
    }
    room.messages.set(target, after);
    room.entries.push(entry);
    return this.changed(room, entry, by);
  }

  hide(chat: Id, seq: number): ServerEvent {
    this.room(chat).hidden.add(seq);
    return this.log({ event: "message:hidden", data: { chat, message_seq: seq } });
  }

  mark(chat: Id, user: Id, kind: "delivered" | "seen", seq: number): ServerEvent {
    const room = this.room(chat);
    const held = room.marks[user] ?? { delivered: 0, seen: 0 };
    const seen = kind === "seen" ? Math.max(held.seen, seq) : held.seen;
    room.marks[user] = { seen, delivered: Math.max(held.delivered, seq, seen) };
    const data: Mark = { chat, user, seq, at: timeAt(this.minute++) };
    const event: ServerEvent = kind === "seen" ? { event: "message:seen", data } : { event: "message:delivered", data };
    this.markEvents.push(event);
    return event;
  }

  ask(id: Id): ServerEvent {
    const request: ConnectionRequest = { id, from: carol.id, to: alice.id, status: "pending", expires_at: timeAt(50) };
    this.requests.set(id, request);
    return this.log({ event: "connection:request", data: { request, users: everyone } });
  }

  answer(id: Id, status: "accepted" | "rejected"): ServerEvent {
    const request: ConnectionRequest = { ...(this.requests.get(id) as ConnectionRequest), status };
    this.requests.delete(id);
    if (status === "accepted") this.contacts.set(carol.id, contact(carol));
    return this.log({ event: `connection:${status}`, data: { request, users: everyone } });
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
        place: { position: this.personal.length, marks: this.markEvents.length, epoch: "e1" },
        chats: [...this.rooms.keys()].map((id) => this.chat(id)),
        contacts: [...this.contacts.values()],
        requests: { incoming: [...this.requests.values()], outgoing: [], users: everyone },
        users: everyone,
      },
    };
  }

  page(chat: Id, before: number | undefined, limit: number): MessagePage {
    const room = this.room(chat);
    const all = this.visible(room).filter((m) => before === undefined || m.seq < before);
    const results = all.slice(-limit).map((m) => this.forViewer(room, m));
    return { results, has_more_before: all.length > limit, has_more_after: before !== undefined, users: everyone };
  }

  sync(request: SyncRequest, pageSize: number): SyncAnswer {
    const answer: SyncAnswer = {
      events: [],
      heads: {},
      position: this.personal.length,
      marks: this.markEvents.length,
      epoch: "e1",
      more: false,
      reset: [],
      gone: [],
      users: everyone,
    };
    answer.events.push(...this.personal.slice(request.position));
    for (const room of this.rooms.values()) {
      const held = request.heads[room.id];
      if (held === undefined) {
        answer.events.push({ event: "chat:new", data: { chat: this.chat(room.id) } });
        answer.heads[room.id] = room.entries.length;
        continue;
      }
      const behind = room.entries.slice(held, held + pageSize);
      for (const entry of behind) {
        const present = room.messages.get(entry.message.seq) as Message;
        if (room.hidden.has(present.seq)) continue;
        answer.events.push(this.changed(room, { ...entry, message: present }, alice.id));
      }
      answer.heads[room.id] = held + behind.length;
      if (held + behind.length < room.entries.length) answer.more = true;
    }
    // Watermarks may be told twice; here the last few are told again each time.
    answer.events.push(...this.markEvents.slice(Math.max(0, (request.marks as number) - 2)));
    return answer;
  }

  chat(id: Id): Chat {
    const room = this.room(id);
    const me = room.marks[alice.id] ?? { delivered: 0, seen: 0 };
    const shown = this.visible(room);
    const last = shown.at(-1);
    return directChat({
      id,
      peer: room.peer,
      name: everyone[room.peer]?.name ?? "",
      head: room.entries.length,
      last_message: last ? this.forViewer(room, last) : null,
      unread: shown.filter((m) => m.sender !== alice.id && m.seq > me.seen && !m.deleted_at).length,
      me,
    });
  }

  private forViewer(room: Room, made: Message): Message {
    if (made.sender !== alice.id) return { ...made, status: null };
    const peer = room.marks[room.peer] ?? { delivered: 0, seen: 0 };
    return { ...made, status: peer.seen >= made.seq ? "seen" : peer.delivered >= made.seq ? "delivered" : "sent" };
  }

  private visible(room: Room): Message[] {
    return [...room.messages.values()].filter((m) => !room.hidden.has(m.seq));
  }

  private changed(room: Room, entry: Entry, by: Id): ServerEvent {
    if (entry.change === "new") return { event: "chat:receive", data: { message: entry.message } };
    return {
      event: "message:updated",
      data: {
        chat: room.id,
        seq: entry.seq,
        by,
        change: entry.change,
        message: entry.message,
        ...(entry.reaction ? { reaction: entry.reaction } : {}),
      },
    };
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

