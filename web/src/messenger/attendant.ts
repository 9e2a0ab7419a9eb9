import * as chatsApi from "@/api/chats";
import * as connectionsApi from "@/api/connections";
import { ApiError } from "@/api/http";
import * as notificationsApi from "@/api/notifications";
import type { Chat, Id } from "@/api/types";
import * as usersApi from "@/api/users";
import { Pace } from "@/lib/pace";
import type { SocketClient } from "@/socket/client";
import { peerOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { isDoubtful } from "@/store/marks";
import type { Store } from "@/store/store";

/** Changes that come together are attended to together. */
const GATHER_MS = 40;
/** The same question is not asked more often than this, whatever the answers do to the state. */
const ASK_AGAIN_MS = 1_000;
/** The same after it could not be read; a new connection does not wait. */
const FAILED_MS = 30_000;
/** After a long absence hundreds of chats have something to acknowledge; a socket may send 60 frames a second. */
const TELLS_PER_SECOND = 15;

/**
 * Looks after what the state asks for without anyone's click: acknowledges what was delivered and
 * seen, and reads again what went stale or is not known.
 */
export class Attendant {
  private readonly pace = new Pace(TELLS_PER_SECOND);
  private looking: Id | null = null;
  private readonly told = { delivered: new Map<Id, number>(), seen: new Map<Id, number>() };
  /** What was asked for on this connection. */
  private asked = new Set<string>();
  private timer: number | undefined;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly socket: SocketClient,
  ) {}

  start(): void {
    this.unsubscribe = this.store.subscribe(this.changed);
    addEventListener("focus", this.changed);
    document.addEventListener("visibilitychange", this.changed);
  }

  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    removeEventListener("focus", this.changed);
    document.removeEventListener("visibilitychange", this.changed);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.looking = null;
    this.reconnected();
  }

  /** On a new connection everything not confirmed is told and asked once more. */
  reconnected(): void {
    this.told.delivered.clear();
    this.told.seen.clear();
    this.asked = new Set();
    if (this.unsubscribe) this.changed();
  }

  look(chat: Id | null): void {
    this.looking = chat;
    this.changed();
  }

  /** Whether someone has a chat before their eyes. */
  isLooking(chat: Id): boolean {
    return chat === this.looking && document.visibilityState === "visible" && document.hasFocus();
  }

  private readonly changed = (): void => this.soon(GATHER_MS);

  private soon(ms: number): void {
    this.timer ??= window.setTimeout(() => {
      this.timer = undefined;
      this.attend();
    }, ms);
  }

  private attend(): void {
    if (this.socket.status !== "online") return;
    const state = this.store.getState();
    const looked = this.looking === null ? undefined : state.chats[this.looking];
    if (looked) this.acknowledge(state, looked);
    for (const chat of Object.values(state.chats)) this.acknowledge(state, chat);
    for (const chat of Object.values(state.chats)) {
      // What a system message tells of has changed the chat itself; mostly the push that says how came with it.
      if (chat.id in state.stale || chat.changedAt > chat.infoAt) this.ask(`chat ${chat.id}`, () => this.readChat(chat.id));
    }
    if (looked && isDoubtful(state, looked.id)) this.ask(`marks ${looked.id}`, () => this.readNewest(looked.id));
    if (state.meStale) this.ask("me", () => this.readMe());
    if (state.contactsStale) {
      this.ask("contacts", async () => {
        this.store.dispatch({ event: "local:contacts", data: await connectionsApi.listContacts() });
      });
    }
    if (state.place && !state.notices) this.ask("notices", () => this.readNotices());
    if (state.place) this.ask("badge", async () => this.store.dispatch({ event: "badge", data: await notificationsApi.getBadge() }), true);
    for (const user of [...strangers(state), ...Object.keys(state.strangers)]) {
      this.ask(`user ${user}`, async () => {
        this.store.dispatch({ event: "local:user", data: { user: await usersApi.getUser(user) } });
      }, true);
    }
  }

  private acknowledge(state: State, chat: Chat): void {
    const head = state.logs[chat.id]?.head ?? 0;
    const last = chat.last_message;
    const fromOthers = chat.unread > 0 || (last !== null && last.sender !== state.me?.id);
    if (!fromOthers || head === 0) return;
    // Seen implies delivered, so one of them is enough.
    if (this.isLooking(chat.id)) this.tell("seen", chat, head);
    else this.tell("delivered", chat, head);
  }

  private tell(kind: "delivered" | "seen", chat: Chat, seq: number): void {
    if (chat.me[kind] >= seq || (this.told[kind].get(chat.id) ?? 0) >= seq) return;
    const wait = this.pace.take();
    if (wait > 0) {
      this.soon(wait);
      return;
    }
    this.told[kind].set(chat.id, seq);
    const event = `message:${kind}` as const;
    this.socket.request(event, { chat: chat.id, seq }).then(
      (mark) => this.store.dispatch({ event, data: mark }),
      // Lost or refused: the next connection tells it again.
      () => undefined,
    );
  }

  /** Runs one request of a kind at a time; `once`: not again on this connection. */
  private ask(name: string, read: () => Promise<void>, once = false): void {
    const { asked } = this;
    if (asked.has(name)) return;
    asked.add(name);
    const again = (ms: number): void => {
      if (once) return;
      window.setTimeout(() => {
        asked.delete(name);
        // It may have come up again since.
        if (asked === this.asked && this.unsubscribe) this.changed();
      }, ms);
    };
    read().then(
      () => again(ASK_AGAIN_MS),
      () => again(FAILED_MS),
    );
  }

  private async readMe(): Promise<void> {
    const held = this.store.getState().me;
    this.store.dispatch({ event: "local:me", data: { me: await usersApi.getMe(), held } });
  }

  private async readChat(chat: Id): Promise<void> {
    try {
      const asked = this.store.getState().place?.position;
      this.store.dispatch({ event: "local:chat", data: { chat: await chatsApi.getChat(chat), asked } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.store.dispatch({ event: "local:chat-missing", data: { chat } });
    }
  }

  private async readNotices(): Promise<void> {
    const asked = this.store.getState().place?.position;
    const { results: rows, next, users } = await notificationsApi.listNotices();
    this.store.dispatch({ event: "local:notices", data: { rows, next, asked, users } });
  }

  private async readNewest(chat: Id): Promise<void> {
    const { place, logs } = this.store.getState();
    const page = await chatsApi.listMessages(chat);
    this.store.dispatch({ event: "local:page", data: { chat, page, asked: place?.position, doubt: logs[chat]?.doubt } });
  }
}

/** People that something shows but nothing has named yet. */
function strangers(state: State): Id[] {
  const mentioned = [
    ...Object.values(state.requests).flatMap((request) => [request.from, request.to]),
    ...Object.values(state.chats).map(peerOf),
  ];
  return mentioned.filter((id): id is Id => id !== null && !(id in state.users));
}
