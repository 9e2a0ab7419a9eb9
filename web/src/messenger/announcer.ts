import type { Id } from "@/api/types";
import { getChoice } from "@/lib/choices";
import { chatTag } from "@/lib/notice";
import { ping } from "@/lib/sound";
import type { Tabs } from "@/lib/tabs";
import { closeNotices } from "@/lib/worker";
import type { ServerEvent } from "@/socket/protocol";
import { isMuted } from "@/store/selectors";
import type { State } from "@/store/state";
import type { Store } from "@/store/store";

/** Something that has just come and is not in view. */
export type News = { number: number; kind: "message"; chat: Id; seq: number } | { number: number; kind: "notice"; id: Id };

/** What is in view at the moment. */
interface View {
  isLooking(chat: Id): boolean;
  /** Whether the system tells this person while no page is in view. */
  isPushed(): boolean;
}

/**
 * Makes known what comes while it is not looked at: a line in the page, and a sound. Only one of
 * several tabs does, nothing muted is, and nothing twice.
 */
export class Announcer {
  private news: readonly News[] = [];
  private number = 0;
  private readonly told = new Map<Id, number>();
  private readonly listeners = new Set<() => void>();
  private unread: Readonly<Record<Id, number>> = {};
  private seen: State["chats"] = {};

  constructor(
    private readonly store: Store,
    private readonly tabs: Tabs,
    private readonly view: View,
  ) {
    store.subscribe(this.tidy);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** What was not yet taken away, the newest last. */
  readonly get = (): readonly News[] => this.news;

  /** A push has come and was taken in. */
  hear(push: ServerEvent): void {
    if (push.event === "chat:receive") this.hearMessage(push.data.message.chat, push.data.message.seq);
    if (push.event === "notification:new") {
      const { id, kind, data } = push.data.notification;
      // It shows at the message.
      if (kind === "reaction" && this.view.isLooking(String(data["chat"]))) return;
      // Requests stand above the chats; they need no line as well.
      this.announce(kind === "connection_request" ? null : { number: ++this.number, kind: "notice", id });
    }
  }

  dismiss(number: number): void {
    this.set(this.news.filter((one) => one.number !== number));
  }

  clear(): void {
    this.told.clear();
    this.unread = {};
    this.set([]);
  }

  private hearMessage(chat: Id, seq: number): void {
    const state = this.store.getState();
    const held = state.chats[chat];
    const message = state.logs[chat]?.messages.findLast((one) => one.seq === seq);
    if (!held || !message || (this.told.get(chat) ?? 0) >= seq) return;
    this.told.set(chat, seq);
    const isMine = message.sender === null || message.sender === state.me?.id;
    if (isMine || message.deleted_at || seq <= held.me.seen || isMuted(held) || this.view.isLooking(chat)) return;
    this.announce({ number: ++this.number, kind: "message", chat, seq });
  }

  private announce(one: News | null): void {
    if (!this.tabs.speaks) return;
    const isVisible = document.visibilityState === "visible";
    // Out of sight the system's notification is heard.
    if (getChoice("sound") && (isVisible || !this.view.isPushed())) ping();
    if (one && isVisible && getChoice("banners")) this.set([...this.news.filter((other) => !isSame(other, one)), one]);
  }

  private set(news: readonly News[]): void {
    if (news.length === 0 && this.news.length === 0) return;
    this.news = news;
    for (const listener of this.listeners) listener();
  }

  /** What was read, here or on another device, needs no notification any more. */
  private readonly tidy = (): void => {
    const { chats, notices } = this.store.getState();
    if (chats === this.seen) return;
    this.seen = chats;
    const unread = Object.fromEntries(Object.values(chats).map((chat) => [chat.id, chat.unread]));
    const read = Object.keys(this.unread).filter((chat) => (this.unread[chat] ?? 0) > 0 && !unread[chat]);
    const hasUnread = Object.values(unread).some((count) => count > 0);
    this.unread = unread;
    if (read.length === 0) return;
    this.set(this.news.filter((one) => one.kind !== "message" || !read.includes(one.chat)));
    const tags = new Set(read.map(chatTag));
    const hasNotices = notices?.rows.some((row) => row.read_at === null) ?? false;
    void closeNotices((tag) => tags.has(tag) || (!hasUnread && (tag === "message" || (!hasNotices && tag !== "call"))));
  };
}

/** A chat has one line, with the newest. */
function isSame(one: News, other: News): boolean {
  return one.kind === "message" && other.kind === "message" && one.chat === other.chat;
}
