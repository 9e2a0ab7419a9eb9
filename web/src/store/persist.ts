import Dexie, { type Table } from "dexie";

import type { ConnectionRequest, Id, Profile, User } from "@/api/types";
import { emptyLog, type ChatLog, type ContactRow, type HeldChat, type Pending, type Place, type Presence, type State, type Statuses, type Watermark } from "@/store/state";
import type { Store } from "@/store/store";

/** A chat with its newest messages: one record, so that its head and its messages never disagree. */
interface ChatRecord {
  id: Id;
  chat: HeldChat;
  log: Pick<ChatLog, "head" | "from" | "messages"> & Partial<Pick<ChatLog, "cleared" | "since" | "doubt" | "sure">>;
  watermarks: Readonly<Record<Id, Watermark>>;
}

/** What the personal log tells, with the position up to which it is told. */
interface PersonalRecord {
  key: "personal";
  me: Profile;
  place: Place;
  contacts: Readonly<Record<Id, ContactRow>>;
  requests: Readonly<Record<Id, ConnectionRequest>>;
  presence: Readonly<Record<Id, Presence>>;
  drafts: Readonly<Record<Id, string>>;
  /** Absent in what older versions have written. */
  statuses?: Statuses;
  notices?: State["notices"];
  badge?: State["badge"];
  warnings?: State["warnings"];
}

/** The bytes of a file of a message on its way. */
interface FileRecord {
  key: string;
  blob: Blob;
}

/** So many messages a chat open at once without a network; older ones are read when looked at. */
const KEPT_MESSAGES = 200;
const WRITE_AFTER_MS = 400;

/** The browser's database. It is deleted as a whole at log-out. */
export class Database extends Dexie {
  chats!: Table<ChatRecord, Id>;
  users!: Table<User, Id>;
  personal!: Table<PersonalRecord, string>;
  outbox!: Table<Pending, string>;
  files!: Table<FileRecord, string>;

  constructor(name = "chatproject") {
    super(name);
    this.version(1).stores({ chats: "id", users: "id", personal: "key", outbox: "clientId, createdAt" });
    this.version(2).stores({ files: "key" });
  }
}

/** Reads what was kept; an empty state where nothing was, or where storage is forbidden. */
export async function restore(database: Database): Promise<Partial<State>> {
  try {
    const [personal, records, users, outbox] = await Promise.all([
      database.personal.get("personal"),
      database.chats.toArray(),
      database.users.toArray(),
      database.outbox.orderBy("createdAt").toArray(),
    ]);
    if (!personal) return {};
    const waiting = outbox.flatMap((entry) => asNow(entry).files.map((file) => file.key));
    // What a message left behind that is done with.
    void database.files.where("key").noneOf(waiting).delete().catch(() => undefined);
    const { key: _, ...rest } = personal;
    return {
      ...rest,
      outbox: outbox.map(asNow),
      users: byId(users),
      chats: Object.fromEntries(records.map(({ id, chat }) => [id, { ...chat, infoAt: chat.infoAt ?? 0, changedAt: chat.changedAt ?? chat.head }])),
      logs: Object.fromEntries(records.map((record) => [record.id, { ...emptyLog(record.log.head), ...record.log }])),
      watermarks: Object.fromEntries(records.map((record) => [record.id, record.watermarks])),
    };
  } catch {
    return {};
  }
}

/** What an older version has written down of a message on its way, with what it did not know of. */
function asNow(entry: Pending): Pending {
  return { ...entry, kind: entry.kind ?? "text", content: entry.content ?? null, mentions: entry.mentions ?? [], files: entry.files ?? [] };
}

function byId(users: User[]): Record<Id, User> {
  return Object.fromEntries(users.map((user) => [user.id, user]));
}

/** Writes what has changed, a moment after it changed, in one transaction. */
export class Persister {
  private written: State | null = null;
  private timer: number | undefined;
  private unsubscribe: (() => void) | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly database: Database,
  ) {}

  start(): void {
    this.unsubscribe = this.store.subscribe(() => {
      this.timer ??= window.setTimeout(() => void this.flush(), WRITE_AFTER_MS);
    });
    addEventListener("pagehide", this.flushNow);
  }

  /** Stops writing; what was not yet written is dropped. Waits for the write under way. */
  async stop(): Promise<void> {
    this.unsubscribe?.();
    this.unsubscribe = null;
    removeEventListener("pagehide", this.flushNow);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.written = null;
    await this.writing;
  }

  /** Writes now what has changed since the last time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Without a storage that lets us write, the client works on and starts afresh next time.
    this.writing = this.writing.then(() => this.write()).catch(() => undefined);
    return this.writing;
  }

  private readonly flushNow = (): void => void this.flush();

  private async write(): Promise<void> {
    const state = this.store.getState();
    const before = this.written;
    const { me, place } = state;
    if (!me || !place || state === before) return;
    const chats = Object.values(state.chats)
      .filter((chat) => !before || differs(before, state, chat.id))
      .map((chat) => chatRecord(state, chat));
    const removed = before ? Object.keys(before.chats).filter((id) => !(id in state.chats)) : null;
    const users = Object.values(state.users).filter((user) => before?.users[user.id] !== user);
    const { contacts, requests, presence, drafts, statuses, notices, badge, warnings } = state;
    const { database } = this;
    await database.transaction("rw", database.chats, database.users, database.personal, async () => {
      // The first write after a start replaces what an earlier session left.
      if (!removed) await database.chats.clear();
      else if (removed.length > 0) await database.chats.bulkDelete(removed);
      await database.chats.bulkPut(chats);
      await database.users.bulkPut(users);
      await database.personal.put({ key: "personal", me, place, contacts, requests, presence, drafts, statuses, notices, badge, warnings });
    });
    this.written = state;
  }
}

function differs(before: State, state: State, id: Id): boolean {
  return before.chats[id] !== state.chats[id] || before.logs[id] !== state.logs[id] || before.watermarks[id] !== state.watermarks[id];
}

function chatRecord(state: State, chat: HeldChat): ChatRecord {
  const log = state.logs[chat.id] ?? emptyLog(chat.head);
  const messages = log.messages.slice(-KEPT_MESSAGES);
  const first = messages[0];
  // Strays are not kept: with the older messages dropped, a later page is newer than they are.
  const from = messages.length < log.messages.length && first ? first.seq : log.from;
  const { head, cleared, since, doubt, sure } = log;
  return { id: chat.id, chat, log: { head, from, messages, cleared, since, doubt, sure }, watermarks: state.watermarks[chat.id] ?? {} };
}
