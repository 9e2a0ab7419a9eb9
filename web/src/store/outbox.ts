import type { Id } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { Pace } from "@/lib/pace";
import type { Sent } from "@/socket/protocol";
import type { Database } from "@/store/persist";
import type { Pending } from "@/store/state";
import type { Store } from "@/store/store";

/** How a send ended that brought no message: refused for good, to be tried after a while, or unknown. */
export type Trouble = { kind: "refused"; code: string } | { kind: "later"; seconds: number } | { kind: "unknown" };

/** What a message says; the rest is added here. */
export type Letter = Partial<Pick<Pending, "kind" | "text" | "content" | "replyTo" | "mentions">>;

/** The server takes 64 at once; a little room is left for what else goes on. */
const IN_FLIGHT_MAX = 40;
/** A socket may send 60 frames a second; what else goes on needs some of them. */
const SENDS_PER_SECOND = 40;

/**
 * My messages on their way. Each has a `client_id` from the moment it is written, is stored before
 * anything else, and is sent again with the same `client_id` until the server has said yes or no:
 * so it survives a reload and is never there twice.
 */
export class Outbox {
  private readonly inFlight = new Set<string>();
  private readonly pace = new Pace(SENDS_PER_SECOND);
  private laterTimer: number | undefined;
  private held: readonly Pending[];

  constructor(
    private readonly store: Store,
    private readonly database: Database,
    /** Sends one message; rejects with anything, which `judge` then explains. */
    private readonly send: (entry: Pending) => Promise<Sent>,
    private readonly judge: (error: unknown) => Trouble,
  ) {
    this.held = store.getState().outbox;
    store.subscribe(this.forget);
  }

  /** Takes a message; it is sent at once where there is a connection. */
  async add(chat: Id, letter: Letter): Promise<void> {
    const pending: Pending = {
      kind: "text",
      text: "",
      content: null,
      replyTo: null,
      mentions: [],
      ...letter,
      clientId: newClientId(),
      chat,
      createdAt: new Date().toISOString(),
      state: "queued",
      error: null,
    };
    this.store.dispatch({ event: "local:queued", data: { pending } });
    // Where storage is full or forbidden the message still goes out; it would only not survive a reload.
    const stored = this.database.outbox.put(pending).catch(() => undefined);
    this.flush();
    await stored;
  }

  /** Sends everything that waits, in the order it was written. */
  flush(): void {
    if (this.laterTimer !== undefined) return;
    for (const entry of this.store.getState().outbox) {
      if (this.inFlight.size >= IN_FLIGHT_MAX) return;
      if (entry.state !== "queued" || this.inFlight.has(entry.clientId)) continue;
      const wait = this.pace.take();
      if (wait > 0) {
        this.flushAfter(wait);
        return;
      }
      void this.deliver(entry);
    }
  }

  /** A message that was refused is tried once more. */
  retry(clientId: string): void {
    this.store.dispatch({ event: "local:retried", data: { clientId } });
    this.keep(clientId);
    this.flush();
  }

  /** A message that was refused is given up. */
  discard(clientId: string): void {
    this.store.dispatch({ event: "local:discarded", data: { clientId } });
  }

  stop(): void {
    clearTimeout(this.laterTimer);
    this.laterTimer = undefined;
    this.inFlight.clear();
  }

  private async deliver(entry: Pending): Promise<void> {
    this.inFlight.add(entry.clientId);
    try {
      const sent = await this.send(entry);
      this.store.dispatch({ event: "local:sent", data: { sent } });
    } catch (error) {
      this.trouble(entry, this.judge(error));
      return;
    } finally {
      this.inFlight.delete(entry.clientId);
    }
    this.flush();
  }

  private trouble(entry: Pending, trouble: Trouble): void {
    if (trouble.kind === "refused") {
      this.store.dispatch({ event: "local:failed", data: { clientId: entry.clientId, code: trouble.code } });
      this.keep(entry.clientId);
    } else if (trouble.kind === "later") {
      this.flushAfter(trouble.seconds * 1000);
    }
    // Unknown: it stays queued, and the next connection sends it again.
  }

  private flushAfter(ms: number): void {
    this.laterTimer ??= window.setTimeout(() => {
      this.laterTimer = undefined;
      this.flush();
    }, ms);
  }

  /** Whatever took a message out of the outbox (a reply, a push, a sync, its writer), storage follows. */
  private readonly forget = (): void => {
    const { outbox } = this.store.getState();
    if (outbox === this.held) return;
    const left = new Set(outbox.map((entry) => entry.clientId));
    const done = this.held.filter((entry) => !left.has(entry.clientId)).map((entry) => entry.clientId);
    this.held = outbox;
    if (done.length > 0) void this.database.outbox.bulkDelete(done).catch(() => undefined);
  };

  private keep(clientId: string): void {
    const entry = this.store.getState().outbox.find((pending) => pending.clientId === clientId);
    if (entry) void this.database.outbox.put(entry).catch(() => undefined);
  }
}
