import * as chatsApi from "@/api/chats";
import type { Id } from "@/api/types";
import type { Jump } from "@/store/state";
import type { Store } from "@/store/store";

const HISTORY_PAGE = 60;
/** On the way to a message far back. */
const JUMP_PAGE = 100;
/** A chat is opened with at least so many messages, if it has them; and with so many at most to find the first unread. */
const HISTORY_MIN = 30;
const HISTORY_MAX = 300;

/** Reads the past of chats as far as it is wanted. Rejects with ApiError or NetworkError. */
export class History {
  private readonly loads = new Map<Id, Promise<void>>();

  constructor(private readonly store: Store) {}

  /** Whether a chat seen up to `seen` can be opened with what is held: a screenful, and the first unread if it is not too far. */
  has(chat: Id, seen: number): boolean {
    const log = this.store.getState().logs[chat];
    if (!log) return false;
    if (log.from <= 1 || log.messages.length >= HISTORY_MAX) return true;
    return log.messages.length >= HISTORY_MIN && log.from <= seen + 1;
  }

  /** Reads back until a chat seen up to `seen` has enough to show. Rejects when it cannot be read. */
  async open(chat: Id, seen: number): Promise<void> {
    while (!this.has(chat, seen)) {
      const before = this.store.getState().logs[chat];
      if (!before) return;
      await this.loadOlder(chat);
      if (this.store.getState().logs[chat]?.from === before.from) return;
    }
  }

  /** Reads the page before the oldest message held; callers share one request a chat. */
  loadOlder(chat: Id, limit = HISTORY_PAGE): Promise<void> {
    const underWay = this.loads.get(chat);
    if (underWay) return underWay;
    const log = this.store.getState().logs[chat];
    if (!log || log.from <= 1) return Promise.resolve();
    const before = log.messages.length > 0 ? log.from : undefined;
    const asked = this.store.getState().place?.position;
    const load = chatsApi
      .listMessages(chat, before, limit)
      .then((page) => this.store.dispatch({ event: "local:page", data: { chat, page, before, asked, doubt: log.doubt } }))
      .finally(() => this.loads.delete(chat));
    this.loads.set(chat, load);
    return load;
  }

  /** Shows a message in its chat, reading back to it if need be. Rejects when it cannot be read. */
  async show(chat: Id, seq: number): Promise<void> {
    for (;;) {
      const before = this.store.getState().logs[chat];
      if (!before || before.from <= seq) break;
      await this.loadOlder(chat, JUMP_PAGE);
      if (this.store.getState().logs[chat]?.from === before.from) break;
    }
    this.store.dispatch({ event: "local:jump", data: { chat, seq } });
  }

  /** The message has been shown; another one may have been asked for since. */
  shown(jump: Jump): void {
    this.store.dispatch({ event: "local:jumped", data: jump });
  }
}
