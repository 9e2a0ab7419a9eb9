import * as chatsApi from "@/api/chats";
import type { Id } from "@/api/types";
import type { Store } from "@/store/store";

/** A draft is told to my other devices once I pause for so long. */
const DRAFT_MS = 1_500;

/** What I set of my chats for myself: muted, archived, pinned, unread, the draft; cleared and deleted. */
export class Arranger {
  private readonly timers = new Map<Id, number>();

  constructor(private readonly store: Store) {}

  async change(chat: Id, mine: chatsApi.Mine): Promise<void> {
    this.store.dispatch({ event: "local:chat", data: { chat: await chatsApi.changeMine(chat, mine) } });
  }

  async clear(chat: Id): Promise<void> {
    // Up to where is said by the push that follows.
    await chatsApi.clearChat(chat);
  }

  async delete(chat: Id): Promise<void> {
    await chatsApi.deleteChat(chat);
  }

  /** The draft has changed here: my other devices are told in a while. */
  drafted(chat: Id): void {
    clearTimeout(this.timers.get(chat));
    this.timers.set(
      chat,
      window.setTimeout(() => void this.tellDraft(chat), DRAFT_MS),
    );
  }

  /** What has not been told yet is told now; the chat is left or the draft was sent. */
  async tellDraft(chat: Id): Promise<void> {
    clearTimeout(this.timers.get(chat));
    this.timers.delete(chat);
    const { chats, drafts } = this.store.getState();
    const draft = drafts[chat] ?? "";
    const known = chats[chat];
    if (!known || (known.me.draft ?? "") === draft) return;
    this.store.dispatch({ event: "local:draft-told", data: { chat, text: draft } });
    // A draft that cannot be told now stands here all the same.
    await this.change(chat, { draft: draft || null }).catch(() => undefined);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
