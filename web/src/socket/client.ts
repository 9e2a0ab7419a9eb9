import type { Commands, ErrorData, Notes, RawFrame, Ready } from "@/socket/protocol";

/** The server refused a command; the socket stays open. */
export class CommandRefused extends Error {
  readonly code: string;
  readonly retryAfter: number | null;

  constructor(data: ErrorData) {
    super(data.message);
    this.code = data.code;
    this.retryAfter = data.retry_after ?? null;
  }
}

/** No reply came: the connection was lost or silent. Whether the command was done is unknown. */
export class ConnectionLost extends Error {}

export type SocketStatus = "stopped" | "offline" | "waiting" | "connecting" | "online";

/** The part of the browser's WebSocket that the client uses; tests put a fake in its place. */
export interface WebSocketLike {
  readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface SocketOptions {
  url: string;
  /** A good access token; `force` asks for a new one. Rejects when there is no session or no network. */
  token: (force: boolean) => Promise<string>;
  /** When the token last given ends, in local milliseconds. */
  tokenEndsAt: () => number | null;
  onStatus: (status: SocketStatus) => void;
  /** After each successful `auth`; `again` where the same connection only renewed its token. */
  onReady: (ready: Ready, again: boolean) => void;
  onPong: (pong: Commands["ping"]["reply"]) => void;
  /** Every push: frames that answer nothing of ours. */
  onEvent: (event: string, data: unknown) => void;
  newSocket?: (url: string) => WebSocketLike;
  random?: () => number;
}

interface Waiting {
  resolve: (data: never) => void;
  reject: (error: Error) => void;
  timer: number;
}

const REPLY_MS = 15_000;
const PONG_MS = 10_000;
const AUTH_MS = 10_000;
const BACKOFF_BASE_MS = 500;
const BACKOFF_MAX_MS = 30_000;
/** The token is renewed on the open socket this long before it ends. */
const REAUTH_EARLY_MS = 90_000;

/**
 * One connection to the server for as long as the session lives. Connects, authenticates by the
 * first frame, pings, notices silence, reconnects with full jitter, renews the token in time, and
 * matches replies to commands by `ref`. Knows nothing of chats and nothing of React.
 */
export class SocketClient {
  status: SocketStatus = "stopped";
  private socket: WebSocketLike | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private lastRef = 0;
  private attempt = 0;
  private forceToken = false;
  private connectTimer: number | undefined;
  private pingTimer: number | undefined;
  private reauthTimer: number | undefined;
  /** Raised at every new attempt, so that an answer to an older one is recognised and dropped. */
  private generation = 0;

  constructor(private readonly options: SocketOptions) {}

  start(): void {
    if (this.status !== "stopped") return;
    addEventListener("online", this.wake);
    addEventListener("offline", this.rest);
    document.addEventListener("visibilitychange", this.lookAgain);
    this.attempt = 0;
    void this.connect();
  }

  stop(): void {
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.rest);
    document.removeEventListener("visibilitychange", this.lookAgain);
    this.drop(1000);
    this.setStatus("stopped");
  }

  /** Sends a command and waits for its reply. Throws CommandRefused or ConnectionLost. */
  request<E extends keyof Commands>(event: E, data: Commands[E]["data"], timeoutMs = REPLY_MS): Promise<Commands[E]["reply"]> {
    if (this.status !== "online" && event !== "auth") return Promise.reject(new ConnectionLost(event));
    return this.ask(event, data, timeoutMs);
  }

  /** Says something that has no reply and may be lost. */
  say<E extends keyof Notes>(event: E, data: Notes[E]): void {
    if (this.status === "online") this.socket?.send(JSON.stringify({ event, data }));
  }

  /** Tries at once instead of waiting out the pause. */
  readonly retryNow = (): void => {
    if (this.status === "waiting") void this.connect();
  };

  private readonly wake = (): void => {
    if (this.status === "offline" || this.status === "waiting") {
      this.attempt = 0;
      void this.connect();
    }
  };

  private readonly rest = (): void => {
    this.drop(1000);
    this.setStatus("offline");
  };

  private readonly lookAgain = (): void => {
    if (document.visibilityState !== "visible") return;
    if (this.status === "waiting") void this.connect();
    // After a sleep the socket may look open and be dead: ask at once.
    else if (this.status === "online") void this.ping(this.generation);
  };

  private async connect(): Promise<void> {
    this.drop(1000);
    const generation = this.generation;
    if (!navigator.onLine) {
      this.setStatus("offline");
      return;
    }
    this.setStatus("connecting");
    let token: string;
    try {
      token = await this.options.token(this.forceToken);
    } catch {
      // Without a session the owner stops this client; without a network the pause grows.
      if (generation === this.generation) this.pause(null);
      return;
    }
    if (generation !== this.generation) return;
    this.forceToken = false;
    this.open(token, generation);
  }

  private open(token: string, generation: number): void {
    const socket = (this.options.newSocket ?? openBrowserSocket)(this.options.url);
    this.socket = socket;
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = (event) => {
      if (generation === this.generation) this.closed(event.code, event.reason);
    };
    socket.onopen = () => {
      this.ask("auth", { token }, AUTH_MS).then(
        (ready) => {
          if (generation === this.generation) this.ready(ready, generation);
        },
        () => {
          if (generation !== this.generation) return;
          this.forceToken = true;
          this.pause(null);
        },
      );
    };
    // A handshake that hangs would otherwise hold the client for minutes.
    this.connectTimer = window.setTimeout(() => this.pause(null), AUTH_MS * 1.5);
  }

  private ready(ready: Ready, generation: number): void {
    clearTimeout(this.connectTimer);
    this.attempt = 0;
    this.setStatus("online");
    this.schedulePings(ready.heartbeat, generation);
    this.scheduleReauth(generation);
    this.options.onReady(ready, false);
  }

  private schedulePings(heartbeatSeconds: number, generation: number): void {
    clearInterval(this.pingTimer);
    this.pingTimer = window.setInterval(() => void this.ping(generation), heartbeatSeconds * 1000);
  }

  private async ping(generation: number): Promise<void> {
    try {
      const pong = await this.ask("ping", {}, PONG_MS);
      if (generation === this.generation) this.options.onPong(pong);
    } catch {
      // Silence: the connection is dead even if the system has not noticed.
      if (generation === this.generation) this.pause(null);
    }
  }

  private scheduleReauth(generation: number): void {
    clearTimeout(this.reauthTimer);
    const endsAt = this.options.tokenEndsAt();
    if (endsAt === null) return;
    const delay = Math.max(5_000, endsAt - Date.now() - REAUTH_EARLY_MS);
    this.reauthTimer = window.setTimeout(() => void this.reauth(generation), delay);
  }

  private async reauth(generation: number): Promise<void> {
    try {
      const ready = await this.ask("auth", { token: await this.options.token(true) }, AUTH_MS);
      if (generation !== this.generation) return;
      this.scheduleReauth(generation);
      this.options.onReady(ready, true);
    } catch {
      // The old token still holds for a while; try again until the server closes with 4401.
      if (generation === this.generation && this.status === "online") {
        this.reauthTimer = window.setTimeout(() => void this.reauth(generation), 10_000);
      }
    }
  }

  private ask<E extends keyof Commands>(event: E, data: Commands[E]["data"], timeoutMs: number): Promise<Commands[E]["reply"]> {
    return new Promise((resolve, reject) => {
      const socket = this.socket;
      if (socket?.readyState !== 1) {
        reject(new ConnectionLost(event));
        return;
      }
      const ref = ++this.lastRef;
      const timer = window.setTimeout(() => {
        this.waiting.delete(ref);
        reject(new ConnectionLost(event));
      }, timeoutMs);
      this.waiting.set(ref, { resolve, reject, timer });
      socket.send(JSON.stringify({ event, ref, data }));
    });
  }

  private receive(text: string): void {
    let frame: RawFrame;
    try {
      frame = JSON.parse(text) as RawFrame;
    } catch {
      return;
    }
    const waiting = typeof frame.ref === "number" ? this.waiting.get(frame.ref) : undefined;
    if (!waiting) {
      // Unasked, the server says by a pong that pushes may have been lost.
      if (frame.event === "pong") this.options.onPong(frame.data as Commands["ping"]["reply"]);
      else this.options.onEvent(frame.event, frame.data);
      return;
    }
    this.waiting.delete(frame.ref as number);
    clearTimeout(waiting.timer);
    if (frame.event === "error") waiting.reject(new CommandRefused(frame.data as ErrorData));
    else waiting.resolve(frame.data as never);
  }

  private closed(code: number, reason: string): void {
    if (code === 4401) this.forceToken = true;
    if (code === 1012) this.pause(Math.min(60, Number(reason) || 1) * 1000);
    else if (code === 4429) this.pause(BACKOFF_MAX_MS / 2);
    else if (code === 4409) {
      // This person has too many tabs open; coming straight back would only push out another.
      this.drop(1000);
      this.setStatus("waiting");
    } else this.pause(null);
  }

  /** Drops the connection and comes back later: after `atLeast` ms, or as the back-off has it. */
  private pause(atLeast: number | null): void {
    this.drop(1000);
    const random = this.options.random ?? Math.random;
    const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** this.attempt++);
    const delay = (atLeast ?? 0) + random() * ceiling;
    this.setStatus(navigator.onLine ? "waiting" : "offline");
    this.connectTimer = window.setTimeout(() => void this.connect(), delay);
  }

  private drop(code: number): void {
    this.generation++;
    clearTimeout(this.connectTimer);
    clearInterval(this.pingTimer);
    clearTimeout(this.reauthTimer);
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
    for (const [ref, waiting] of this.waiting) {
      clearTimeout(waiting.timer);
      this.waiting.delete(ref);
      waiting.reject(new ConnectionLost("closed"));
    }
  }

  private setStatus(status: SocketStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.options.onStatus(status);
  }
}

function openBrowserSocket(url: string): WebSocketLike {
  return new WebSocket(url, "chat.v1");
}
