import type { Id } from "@/api/types";

const RENEW_MS = 3_000;
const IDLE_MS = 5_000;

/** Tells a chat that I am typing: at most every 3 s, and once when I stop. */
export class TypingReporter {
  private chat: Id | null = null;
  private saidAt = 0;
  private idleTimer: number | undefined;

  constructor(private readonly say: (chat: Id, typing: boolean) => void) {}

  /** The text changed; `some`: there is any. */
  typed(chat: Id, some: boolean): void {
    if (this.chat !== null && this.chat !== chat) this.stop();
    if (!some) {
      this.stop();
      return;
    }
    clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => this.stop(), IDLE_MS);
    const now = Date.now();
    if (this.chat === chat && now - this.saidAt < RENEW_MS) return;
    this.chat = chat;
    this.saidAt = now;
    this.say(chat, true);
  }

  /** Sent, emptied, left, or idle. */
  stop(): void {
    clearTimeout(this.idleTimer);
    if (this.chat === null) return;
    this.say(this.chat, false);
    this.chat = null;
  }
}
