import { CommandRefused, type SocketClient } from "@/socket/client";
import type { Commands } from "@/socket/protocol";

/** A lost socket speaks for its person until the server has noticed its end: up to so many times this long. */
const HELD_MS = 1_500;
const HELD_TRIES = 26;

/** Says signals one after the other. Lost ones are not kept: whoever is connected again begins anew. */
export class Signals {
  private turn: Promise<void> = Promise.resolve();
  private generation = 0;

  constructor(
    private readonly line: Pick<SocketClient, "request">,
    /** The server says by this code that it passes on nothing of mine. */
    private readonly refused: (code: string) => void,
  ) {}

  send<E extends "call:offer" | "call:answer" | "call:ice">(event: E, data: Commands[E]["data"]): void {
    const { generation } = this;
    this.turn = this.turn.then(() => this.say(event, data, generation));
  }

  /** Forgets what has not been said. */
  reset(): void {
    this.generation++;
    this.turn = Promise.resolve();
  }

  private async say<E extends keyof Commands>(event: E, data: Commands[E]["data"], generation: number): Promise<void> {
    for (let tries = 0; generation === this.generation; tries++) {
      try {
        await this.line.request(event, data);
        return;
      } catch (error) {
        // The connection is away: what the next one does makes up for it.
        if (!(error instanceof CommandRefused) || generation !== this.generation) return;
        const wait = error.retryAfter !== null ? error.retryAfter * 1000 : error.code === "call_answered" ? HELD_MS : null;
        if (wait === null || tries >= HELD_TRIES) {
          if (error.code !== "device_not_found") this.refused(error.code);
          return;
        }
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }
}
