import type { Id } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { Pace } from "@/lib/pace";
import type { Sent } from "@/socket/protocol";
import type { Files } from "@/store/files";
import type { Database } from "@/store/persist";
import type { Pending } from "@/store/state";
import type { Store } from "@/store/store";

/** How a send ended that brought no message: refused for good, to be tried after a while, or unknown. */
export type Trouble = { kind: "refused"; code: string } | { kind: "later"; seconds: number } | { kind: "unknown" };

/** What a message says; the rest is added here. */
export type Letter = Partial<Pick<Pending, "kind" | "text" | "content" | "replyTo" | "mentions" | "files">>;

const NO_BLOBS: ReadonlyMap<string, Blob> = new Map();
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
    private readonly files: Files,
    /** Sends one message; rejects with anything, which `judge` then explains. */
    private readonly send: (entry: Pending) => Promise<Sent>,
    private readonly judge: (error: unknown) => Trouble,
  ) {
    this.held = store.getState().outbox;
    store.subscribe(this.forget);
  }

  /** Takes a message, with the bytes of its files by their keys; it is sent at once where there is a connection. */
  async add(chat: Id, letter: Letter, blobs: ReadonlyMap<string, Blob> = NO_BLOBS): Promise<void> {
    const pending: Pending = {
      kind: "text",
      text: "",
      content: null,
      replyTo: null,
      mentions: [],
      files: [],
      ...letter,
      clientId: newClientId(),
      chat,
      createdAt: new Date().toISOString(),
      state: "queued",
      error: null,
    };
    this.files.hold(blobs);
    this.store.dispatch({ event: "local:queued", data: { pending } });
    // Where storage is full or forbidden the message still goes out; it would only not survive a reload.
    const stored = this.storeNew(pending, blobs).catch(() => undefined);
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
    void this.keep(clientId);
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
      void this.keep(entry.clientId);
    } else if (trouble.kind === "later" && entry.files.length > 0) {
      // What a file waits for holds up no other message.
      window.setTimeout(() => this.flush(), trouble.seconds * 1000);
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
    const done = this.held.filter((entry) => !left.has(entry.clientId));
    this.held = outbox;
    if (done.length === 0) return;
    void this.database.outbox.bulkDelete(done.map((entry) => entry.clientId)).catch(() => undefined);
    this.files.drop(done.flatMap((entry) => entry.files.map((file) => file.key)));
  };

  /** Stores what is known of a message now. */
  async keep(clientId: string): Promise<void> {
    const entry = this.store.getState().outbox.find((pending) => pending.clientId === clientId);
    if (entry) await this.database.outbox.put(entry).catch(() => undefined);
  }

  /** The message with its files, or neither. */
  private async storeNew(pending: Pending, blobs: ReadonlyMap<string, Blob>): Promise<void> {
    const { database } = this;
    if (blobs.size === 0) {
      await database.outbox.put(pending);
      return;
    }
    await database.transaction("rw", database.outbox, database.files, async () => {
      await database.files.bulkPut([...blobs].map(([key, blob]) => ({ key, blob })));
      await database.outbox.put(pending);
    });
  }
}
