import { listCalls, type CallMedia } from "@/api/calls";
import type { Id } from "@/api/types";
import type { Calls } from "@/calls/calls";
import type { SocketClient } from "@/socket/client";
import type { CallSignal } from "@/socket/protocol";
import type { Store } from "@/store/store";

const SIGNALS: readonly string[] = ["call:offer", "call:answer", "call:ice", "call:ringing", "call:reject", "call:end"] satisfies CallSignal["event"][];
/** A call that goes on is among the newest. */
const LOOK_BACK = 5;

/** Loads what calls need when the first one comes, and keeps it supplied. */
export class CallDesk {
  private calls: Calls | null = null;
  private loading: Promise<Calls> | null = null;
  private readonly listeners = new Set<() => void>();
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly socket: SocketClient,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The calls of this page; null before the first. */
  readonly get = (): Calls | null => this.calls;

  begin(): void {
    let seen = this.store.getState().calls;
    this.unsubscribe = this.store.subscribe(() => {
      const { calls } = this.store.getState();
      if (calls === seen) return;
      seen = calls;
      if (Object.values(calls).some((call) => call.state !== "ended")) void this.load().catch(() => undefined);
    });
  }

  /** Rings the others in a chat. Rejects only where the code cannot be loaded; else the call says itself what is wrong. */
  async start(chat: Id, media: CallMedia): Promise<void> {
    await (await this.load()).start(chat, media);
  }

  /** Answers, or joins, a call that goes on. */
  async accept(call: Id, media: CallMedia): Promise<void> {
    await (await this.load()).accept(call, media);
  }

  /** Takes a signal of a call; false for anything else. */
  hear(event: string, data: unknown): boolean {
    if (!SIGNALS.includes(event)) return false;
    this.load().then(
      (calls) => calls.hear({ event, data } as CallSignal),
      () => undefined,
    );
    return true;
  }

  /** The socket is back: what rings, or has ended meanwhile, is read. */
  async reconnected(): Promise<void> {
    this.calls?.reconnected();
    try {
      const { results, users } = await listCalls(null, LOOK_BACK);
      for (const call of results) {
        const isHeld = call.id in this.store.getState().calls;
        if (isHeld || call.state !== "ended") this.store.dispatch({ event: "local:call", data: { call, users } });
      }
    } catch {
      // The next connection asks again.
    }
  }

  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.calls?.stop();
    this.calls = null;
    this.loading = null;
    for (const listener of this.listeners) listener();
  }

  private load(): Promise<Calls> {
    if (this.loading) return this.loading;
    const loading = import("@/calls/calls").then((module) => {
      if (this.loading !== loading) throw new Error("Logged out meanwhile.");
      this.calls = new module.Calls({ store: this.store, line: this.socket });
      for (const listener of this.listeners) listener();
      return this.calls;
    });
    loading.catch(() => {
      // Tried again when the next call comes.
      if (this.loading === loading) this.loading = null;
    });
    this.loading = loading;
    return loading;
  }
}
