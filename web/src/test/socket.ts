import type { RawFrame } from "@/socket/protocol";
import type { WebSocketLike } from "@/socket/client";

/** A WebSocket whose other end is the test: it reads what was sent and answers by hand. */
export class FakeSocket implements WebSocketLike {
  static made: FakeSocket[] = [];
  readyState = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly sent: (RawFrame & { data: Record<string, unknown> })[] = [];
  closed = false;

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.made.at(-1);
    if (!socket) throw new Error("No socket was opened.");
    return socket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as RawFrame & { data: Record<string, unknown> });
  }

  close(): void {
    this.readyState = 3;
    this.closed = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.(undefined as never);
  }

  push(event: string, data: unknown, ref?: unknown): void {
    this.onmessage?.({ data: JSON.stringify({ event, ref, data }) } as MessageEvent<string>);
  }

  /** Answers the last command of this name. */
  reply(to: string, event: string, data: unknown): void {
    this.push(event, data, this.asked(to).ref);
  }

  asked(event: string): RawFrame & { data: Record<string, unknown> } {
    const frame = this.sent.findLast((sent) => sent.event === event);
    if (!frame) throw new Error(`${event} was not sent; ${this.sent.map((sent) => sent.event).join(", ")} were.`);
    return frame;
  }

  count(event: string): number {
    return this.sent.filter((sent) => sent.event === event).length;
  }

  drop(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason } as CloseEvent);
  }

  /** Opens and lets the client in. */
  welcome(more: Record<string, unknown> = {}): void {
    this.open();
    this.reply("auth", "ready", {
      user: "1",
      device: "d1",
      server_time: "2026-01-05T09:00:00.000Z",
      heartbeat: 25,
      position: 0,
      marks: 0,
      epoch: "e1",
      ...more,
    });
  }
}
