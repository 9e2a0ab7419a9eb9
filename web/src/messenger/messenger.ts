import * as authApi from "@/api/auth";
import * as chatsApi from "@/api/chats";
import * as connectionsApi from "@/api/connections";
import { accessExpiresAt, ApiError, clearAccess, freshAccess, onSignedOut } from "@/api/http";
import * as messagesApi from "@/api/messages";
import type { Id, SyncRequest } from "@/api/types";
import * as usersApi from "@/api/users";
import { whenIdle } from "@/lib/idle";
import { go } from "@/lib/route";
import { Tabs, type Word } from "@/lib/tabs";
import { keepBuild, startWorker, wipeWorker } from "@/lib/worker";
import { Acts } from "@/messenger/acts";
import { Announcer } from "@/messenger/announcer";
import { Arranger } from "@/messenger/arranger";
import { Attendant } from "@/messenger/attendant";
import { CallDesk } from "@/messenger/calls";
import { Groups } from "@/messenger/groups";
import { History } from "@/messenger/history";
import { Notices } from "@/messenger/notices";
import { People } from "@/messenger/people";
import { Pushes } from "@/messenger/pushes";
import { StatusDesk } from "@/messenger/statuses";
import { TypingReporter } from "@/messenger/typing";
import { Uploads } from "@/messenger/uploads";
import { groupsOf, type Outgoing } from "@/media/outgoing";
import { CommandRefused, SocketClient, type SocketStatus, type WebSocketLike } from "@/socket/client";
import type { Ready, Sent, ServerEvent, SyncAnswer } from "@/socket/protocol";
import { Synchroniser } from "@/socket/sync";
import { hasGap } from "@/store/apply";
import { Files } from "@/store/files";
import { kindOf } from "@/store/media";
import { mentionsIn } from "@/store/mentions";
import { Outbox, type Letter, type Trouble } from "@/store/outbox";
import { Database, Persister, restore } from "@/store/persist";
import type { Composing, Pending, State } from "@/store/state";
import { Store } from "@/store/store";

export type Session = "starting" | "in" | "out";

/** That someone was logged in here; no secret. Without it nobody is asked for at the start. */
const SESSION_KEY = "session";

/** What the transfer of a file was refused with in passing. */
const PASSING = new Set([401, 408, 409, 412]);

export interface MessengerOptions {
  newSocket?: (url: string) => WebSocketLike;
  database?: Database;
}

/**
 * Wires the parts into a messenger: API and socket feed the store, the outbox and the persister
 * hang on it. It lives outside of React; the screens call its methods and read the store.
 */
export class Messenger {
  readonly store = new Store();
  readonly outbox: Outbox;
  readonly files: Files;
  readonly acts: Acts;
  readonly groups = new Groups(this.store);
  readonly people = new People(this.store);
  readonly arranger = new Arranger(this.store);
  readonly history = new History(this.store);
  readonly calls: CallDesk;
  readonly statuses: StatusDesk;
  readonly pushes = new Pushes();
  readonly announcer: Announcer;
  private readonly tabs = new Tabs((word) => this.hearTab(word));
  readonly notices = new Notices(this.store, this.tabs);
  private readonly database: Database;
  private readonly socket: SocketClient;
  private readonly sync: Synchroniser;
  private readonly persister: Persister;
  private readonly attendant: Attendant;
  private readonly typingReporter: TypingReporter;
  private readonly uploads: Uploads;
  private readonly sessionListeners = new Set<() => void>();
  /** Pushes that came while a fresh start was reading the lists; null: none under way. */
  private held: ServerEvent[] | null = null;
  private session: Session = "starting";
  private tickTimer: number | undefined;

  constructor(options: MessengerOptions = {}) {
    this.database = options.database ?? new Database();
    this.persister = new Persister(this.store, this.database);
    this.socket = new SocketClient({
      url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`,
      token: freshAccess,
      tokenEndsAt: accessExpiresAt,
      onStatus: (status) => this.onStatus(status),
      onReady: (ready, again) => this.onReady(ready, again),
      onPong: (pong) => this.sync.onPong(pong),
      onEvent: (event, data) => this.onEvent(event, data),
      ...(options.newSocket ? { newSocket: options.newSocket } : {}),
    });
    this.sync = new Synchroniser(
      {
        held: () => heldBy(this.store.getState()),
        hasGap: () => hasGap(this.store.getState()),
        startAfresh: (place) => this.startAfresh(place),
        take: (answer) => this.store.dispatch({ event: "local:sync", data: answer }),
        running: (isUpdating) => this.store.dispatch({ event: "local:updating", data: { isUpdating } }),
      },
      (request) => this.askSync(request),
      () => this.socket.status === "online",
    );
    this.files = new Files(this.database);
    this.uploads = new Uploads(this.store, this.files, () => this.outbox);
    this.outbox = new Outbox(this.store, this.database, this.files, (entry) => this.send(entry), (error) => this.judge(error));
    this.acts = new Acts(this.store, this.socket);
    this.attendant = new Attendant(this.store, this.socket);
    this.calls = new CallDesk(this.store, this.socket);
    this.statuses = new StatusDesk(this.store, this.socket);
    this.announcer = new Announcer(this.store, this.tabs, {
      isLooking: (chat) => this.attendant.isLooking(chat),
      isPushed: () => this.pushes.getState() === "on",
    });
    this.typingReporter = new TypingReporter((chat, typing) => this.socket.say("chat:typing", { chat, typing, kind: "text" }));
  }

  // The session

  readonly getSession = (): Session => this.session;

  readonly subscribeSession = (listener: () => void): (() => void) => {
    this.sessionListeners.add(listener);
    return () => this.sessionListeners.delete(listener);
  };

  /** Opens with what was kept from the last time, and connects where someone was logged in. */
  async start(): Promise<void> {
    onSignedOut(() => void this.wipe());
    this.tabs.start();
    startWorker(go);
    await this.resume();
  }

  private async resume(): Promise<void> {
    if (!readFlag()) {
      this.setSession("out");
      return;
    }
    this.store.dispatch({ event: "local:restored", data: await restore(this.database) });
    this.begin();
  }

  /** Logs in with a code that was sent to this address, or with a password. */
  async logIn(identifier: string, proof: authApi.Proof): Promise<void> {
    const { user } = await authApi.logIn(identifier, proof);
    // Someone else may have been logged in here before.
    await this.forgetAll();
    this.store.dispatch({ event: "local:me", data: { me: user } });
    writeFlag();
    this.begin();
    this.tabs.tell("in");
  }

  /** Logs out here: the server revokes this device, and everything stored is deleted. */
  async logOut(): Promise<void> {
    // The server closes it; it must not ask for another token then.
    this.socket.stop();
    // Without a network the device stays in the list until it is revoked from another one.
    await authApi.logOut().catch(() => undefined);
    await this.wipe();
  }

  /** Erases the account, and everything stored here. */
  async erase(): Promise<void> {
    this.socket.stop();
    try {
      await usersApi.eraseMe();
    } catch (error) {
      this.socket.start();
      throw error;
    }
    await this.wipe();
  }

  private begin(): void {
    this.persister.start();
    this.attendant.start();
    this.calls.begin();
    this.socket.start();
    document.addEventListener("visibilitychange", this.tellActive);
    this.tickTimer = window.setInterval(() => this.store.dispatch({ event: "local:tick", data: {} }), 1_000);
    this.setSession("in");
    whenIdle(() => {
      // A log-out meanwhile has emptied the caches.
      if (this.session === "in") void keepBuild();
    });
  }

  private async wipe(isTold = false): Promise<void> {
    await this.forgetAll();
    if (!isTold) this.tabs.tell("out");
    this.setSession("out");
  }

  private hearTab(word: Word): void {
    if (word === "out" && this.session === "in") void this.wipe(true);
    if (word === "in" && this.session === "out") void this.resume();
    if (word === "warned") this.store.dispatch({ event: "local:warned", data: {} });
  }

  private async forgetAll(): Promise<void> {
    clearInterval(this.tickTimer);
    document.removeEventListener("visibilitychange", this.tellActive);
    this.socket.stop();
    this.sync.stop();
    this.outbox.stop();
    this.uploads.stop();
    this.files.clear();
    this.attendant.stop();
    this.calls.stop();
    this.arranger.stop();
    this.typingReporter.stop();
    this.announcer.clear();
    this.pushes.reset();
    if (this.session === "in") clearAccess();
    await this.persister.stop();
    this.store.clear();
    try {
      localStorage.clear();
      sessionStorage.clear();
      await wipeWorker();
      await this.database.delete();
      await this.database.open();
    } catch {
      // Forbidden storage holds nothing of ours.
    }
  }

  private setSession(session: Session): void {
    this.session = session;
    for (const listener of this.sessionListeners) listener();
  }

  // The connection

  private onStatus(status: SocketStatus): void {
    if (status !== "stopped") this.store.dispatch({ event: "local:connection", data: { connection: status } });
    if (status !== "online") this.typingReporter.stop();
  }

  private onReady(ready: Ready, again: boolean): void {
    if (again) {
      this.sync.onReady(ready);
      return;
    }
    const { me, place } = this.store.getState();
    if (me && me.id !== ready.user) {
      // The cookie belongs to someone else by now: nothing of the former person may be shown.
      void this.forgetAll().then(() => {
        writeFlag();
        this.begin();
      });
      return;
    }
    this.tellActive();
    this.attendant.reconnected();
    this.sync.onReady(ready);
    this.outbox.flush();
    void this.calls.reconnected();
    this.later(() => void this.statuses.read());
    this.later(() => void this.pushes.connected());
    // Presence stands in no log: after an absence it is read anew.
    if (place) this.later(() => void this.refreshPeople());
  }

  /** For what is read anew with each connection, and nobody waits for. */
  private later(work: () => void): void {
    whenIdle(() => {
      if (this.socket.status === "online") work();
    });
  }

  private onEvent(event: string, data: unknown): void {
    if (event === "error" || data === null || typeof data !== "object") return;
    if (this.calls.hear(event, data)) return;
    const push = { event, data } as ServerEvent;
    if (this.held) this.held.push(push);
    else this.store.dispatch(push);
    // What they show already is told by nothing else.
    if (push.event === "connection:accepted") void this.statuses.read();
    this.sync.check();
    this.announcer.hear(push);
  }

  private async startAfresh(place: Pick<Ready, "position" | "marks" | "epoch">): Promise<void> {
    this.held = [];
    try {
      const [me, chats, contacts, requests] = await Promise.all([
        usersApi.getMe(),
        chatsApi.listChats(),
        connectionsApi.listContacts(),
        connectionsApi.listRequests(),
      ]);
      this.store.dispatch({ event: "local:me", data: { me } });
      this.store.dispatch({
        event: "local:afresh",
        data: {
          place: { position: place.position, marks: place.marks, epoch: place.epoch },
          chats: chats.results,
          contacts: contacts.results,
          requests,
          users: { ...chats.users, ...contacts.users, ...requests.users },
        },
      });
    } finally {
      const held = this.held;
      this.held = null;
      for (const push of held) this.store.dispatch(push);
      this.sync.check();
    }
    this.outbox.flush();
  }

  private askSync(request: SyncRequest): Promise<SyncAnswer> {
    // A frame may have 64 KiB; someone in very many chats asks by HTTP.
    return Object.keys(request.heads).length > 1_000 ? chatsApi.sync(request) : this.socket.request("sync", request, 30_000);
  }

  private async refreshPeople(): Promise<void> {
    try {
      const held = this.store.getState().me;
      const [me, contacts] = await Promise.all([usersApi.getMe(), connectionsApi.listContacts()]);
      this.store.dispatch({ event: "local:me", data: { me, held } });
      this.store.dispatch({ event: "local:contacts", data: contacts });
    } catch {
      // The next connection asks again.
    }
  }

  readonly reconnectNow = (): void => this.socket.retryNow();

  private readonly tellActive = (): void => {
    this.socket.say("active", { active: document.visibilityState === "visible" });
  };

  // Messages

  private async send(entry: Pending): Promise<Sent> {
    const { chat, clientId, text, content, replyTo, mentions, files } = entry;
    const attachments = files.length > 0 ? await this.uploads.bring(entry) : [];
    // What its files are is known for certain once the server has them.
    const kind = this.store.getState().outbox.find((one) => one.clientId === clientId)?.kind ?? entry.kind;
    const sent = await this.socket.request("chat:send", {
      chat,
      client_id: clientId,
      ...(text ? { text } : {}),
      ...(kind === "text" ? {} : { kind }),
      ...(content ? { content } : {}),
      ...(replyTo === null ? {} : { reply_to: replyTo }),
      ...(mentions.length > 0 ? { mentions } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
    });
    if (files.length > 0) this.uploads.settle(entry);
    return sent;
  }

  private judge(error: unknown): Trouble {
    if (error instanceof CommandRefused || error instanceof ApiError) {
      if (error.retryAfter !== null || error.code === "rate_limited") return { kind: "later", seconds: error.retryAfter ?? 2 };
      if (error.code === "internal" || error.code === "unavailable" || error.code === "uploads_full") return { kind: "later", seconds: 3 };
      if (error instanceof ApiError && (error.status >= 500 || PASSING.has(error.status))) return { kind: "later", seconds: 5 };
      return { kind: "refused", code: error.code };
    }
    // Silent on a living connection: ask again soon. Without one, the next connection does.
    return this.socket.status === "online" ? { kind: "later", seconds: 3 } : { kind: "unknown" };
  }

  /** Sends what was written, as the answer it may be; the draft of the chat is spent with it. */
  sendText(chat: Id, text: string): void {
    const { composing } = this.store.getState();
    const replyTo = composing[chat]?.kind === "reply" ? composing[chat].seq : null;
    const letter = { text, replyTo, mentions: mentionsIn(this.store.getState(), chat, text) };
    this.spendDraft(chat);
    void this.outbox.add(chat, letter);
    this.pushes.sentOne();
  }

  /** Sends files: pictures and films as an album, sound and everything else as a message of its own kind. */
  sendFiles(chat: Id, outgoing: readonly Outgoing[], caption = ""): void {
    const { composing } = this.store.getState();
    let replyTo = composing[chat]?.kind === "reply" ? composing[chat].seq : null;
    let text = caption;
    for (const group of groupsOf(outgoing)) {
      const blobs = new Map(group.map((one) => [one.key, one.blob]));
      const files = group.map(({ blob: _, ...file }) => ({ ...file, address: null, medium: null }));
      const mentions = mentionsIn(this.store.getState(), chat, text);
      void this.outbox.add(chat, { kind: kindOf(files.map((file) => file.kind)), text, replyTo, mentions, files }, blobs);
      // What was said, and what it answers, stands with the first.
      text = "";
      replyTo = null;
    }
    if (composing[chat]?.kind === "reply") this.compose(chat, null);
  }

  /** Lets the others know that I speak, for as long as it is said again. */
  recording(chat: Id, isRecording: boolean): void {
    this.socket.say("chat:typing", { chat, typing: isRecording, kind: "voice" });
  }

  /** Sends a poll, a place or a contact. */
  sendContent(chat: Id, letter: Letter): void {
    void this.outbox.add(chat, letter);
  }

  /** Reads what I have written for later in a chat. */
  async loadScheduled(chat: Id): Promise<void> {
    const { results } = await messagesApi.listScheduled(chat);
    this.store.dispatch({ event: "local:scheduled", data: { chat, rows: results } });
  }

  private spendDraft(chat: Id): void {
    this.typingReporter.stop();
    this.store.dispatch({ event: "local:compose", data: { chat, composing: null } });
    this.store.dispatch({ event: "local:draft", data: { chat, text: "" } });
    void this.arranger.tellDraft(chat);
  }

  /** Keeps what is being written, and lets the others know that something is. */
  draft(chat: Id, text: string): void {
    this.store.dispatch({ event: "local:draft", data: { chat, text } });
    this.typingReporter.typed(chat, text !== "");
    this.arranger.drafted(chat);
  }

  /** The next text answers a message, or replaces one of mine. */
  compose(chat: Id, composing: Composing | null): void {
    this.store.dispatch({ event: "local:compose", data: { chat, composing } });
  }

  /** The chat in view, or null: what comes there is seen, as long as someone looks. */
  look(chat: Id | null): void {
    this.typingReporter.stop();
    this.attendant.look(chat);
    const looked = chat === null ? undefined : this.store.getState().chats[chat];
    if (looked?.me.marked_unread) void this.arranger.change(looked.id, { marked_unread: false }).catch(() => undefined);
  }

  /** A chat counts as read without having been looked at. */
  async markRead(chat: Id): Promise<void> {
    const { chats, logs } = this.store.getState();
    const seq = logs[chat]?.head ?? 0;
    if (chats[chat]?.me.marked_unread) await this.arranger.change(chat, { marked_unread: false });
    if (seq > (chats[chat]?.me.seen ?? 0)) {
      this.store.dispatch({ event: "message:seen", data: await chatsApi.markSeen(chat, seq) });
    }
  }
}

/** What the state holds, in the words of the sync request; null before the first start. */
function heldBy(state: State): SyncRequest | null {
  if (!state.place) return null;
  const heads = Object.fromEntries(Object.entries(state.logs).map(([chat, log]) => [chat, log.head]));
  return { heads, ...state.place };
}

function readFlag(): boolean {
  try {
    return localStorage.getItem(SESSION_KEY) !== null;
  } catch {
    return true;
  }
}

function writeFlag(): void {
  try {
    localStorage.setItem(SESSION_KEY, "1");
  } catch {
    // Then the next start asks the server, which knows.
  }
}
