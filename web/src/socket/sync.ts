import type { SyncRequest } from "@/api/types";
import type { Pong, Ready, SyncAnswer } from "@/socket/protocol";

/** What the synchroniser needs to know of the state, and may do to it. */
export interface SyncTarget {
  /** What this client holds; null before its first start. */
  held(): SyncRequest | null;
  /** Something came out of turn, or of a chat not known here. */
  hasGap(): boolean;
  /** Forget everything and read it anew, beginning at this place. */
  startAfresh(ready: Pick<Ready, "position" | "marks" | "epoch">): Promise<void>;
  take(answer: SyncAnswer): void;
  /** What was missed is being read, or has been. */
  running(isRunning: boolean): void;
}

/** Pushes of different chats may overtake each other by a little; only a lasting gap is a lost push. */
const REORDER_MS = 300;
const RETRY_MS = 2_000;

/**
 * Keeps the state level with the server: once after each connect, when a pong shows that a push
 * was lost, and when a gap lasts. One round at a time; what is asked meanwhile starts another.
 */
export class Synchroniser {
  private running = false;
  private again = false;
  private gapTimer: number | undefined;
  private retryTimer: number | undefined;
  private lastReady: Ready | null = null;

  constructor(
    private readonly target: SyncTarget,
    private readonly ask: (request: SyncRequest) => Promise<SyncAnswer>,
    private readonly isOnline: () => boolean,
  ) {}

  onReady(ready: Ready): void {
    this.lastReady = ready;
    void this.run();
  }

  onPong(pong: Pong): void {
    const held = this.target.held();
    if (!held) return;
    const behind = Object.entries(pong.heads).some(([chat, head]) => (held.heads[chat] ?? -1) < head);
    // With another epoch the sync's answer says so too, and brings all that a fresh start needs.
    if (pong.sync || behind || pong.position > held.position || pong.epoch !== held.epoch) void this.run();
  }

  /** To be called after every push: a gap that outlives the reorder window starts a sync. */
  check(): void {
    if (this.gapTimer !== undefined || !this.target.hasGap()) return;
    this.gapTimer = window.setTimeout(() => {
      this.gapTimer = undefined;
      if (this.target.hasGap()) void this.run();
    }, REORDER_MS);
  }

  stop(): void {
    clearTimeout(this.gapTimer);
    clearTimeout(this.retryTimer);
    this.gapTimer = undefined;
    this.lastReady = null;
  }

  private async run(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    this.target.running(true);
    clearTimeout(this.retryTimer);
    try {
      do {
        this.again = false;
        await this.round();
      } while (this.again && this.isOnline());
    } catch {
      // Lost on the way or refused for now. A new connection starts anew by itself.
      if (this.isOnline()) this.retryTimer = window.setTimeout(() => void this.run(), RETRY_MS);
    } finally {
      this.running = false;
      this.target.running(false);
    }
  }

  private async round(): Promise<void> {
    const ready = this.lastReady;
    if (!ready || !this.isOnline()) return;
    const held = this.target.held();
    if (held?.epoch !== ready.epoch) {
      await this.target.startAfresh(ready);
      return;
    }
    let more = true;
    while (more) {
      const request = this.target.held();
      if (!request) return;
      const answer = await this.ask(request);
      if (answer.epoch !== request.epoch) {
        await this.target.startAfresh(answer);
        this.lastReady = { ...ready, epoch: answer.epoch };
        return;
      }
      this.target.take(answer);
      more = answer.more;
    }
  }
}
