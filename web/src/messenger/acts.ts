import { ApiError, NetworkError } from "@/api/http";
import * as messagesApi from "@/api/messages";
import type { Id, Message } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { CommandRefused, type SocketClient } from "@/socket/client";
import type { Commands } from "@/socket/protocol";
import type { Store } from "@/store/store";

/**
 * What is done to messages. Each waits for the server, whose answer is the event that all others
 * get too, and rejects with ApiError or NetworkError.
 */
export class Acts {
  constructor(
    private readonly store: Store,
    private readonly socket: SocketClient,
  ) {}

  async edit(chat: Id, seq: number, text: string): Promise<void> {
    const data = await this.ask("message:edit", { chat, seq, text });
    this.store.dispatch({ event: "message:updated", data });
  }

  async deleteForAll(chat: Id, seq: number): Promise<void> {
    const data = await this.ask("message:delete", { chat, seq, for: "everyone" });
    if ("message" in data) this.store.dispatch({ event: "message:updated", data });
  }

  async deleteForMe(chat: Id, seq: number): Promise<void> {
    const data = await this.ask("message:delete", { chat, seq, for: "me" });
    if ("message_seq" in data) this.store.dispatch({ event: "message:hidden", data });
  }

  /** Puts my reaction on a message in place of the one before; null takes it back. */
  async react(chat: Id, seq: number, emoji: string | null): Promise<void> {
    const data = await this.ask("message:react", { chat, seq, emoji });
    this.store.dispatch({ event: "message:updated", data });
  }

  async vote(chat: Id, seq: number, options: number[]): Promise<void> {
    this.store.dispatch({ event: "local:voted", data: { message: await messagesApi.vote(chat, seq, options) } });
  }

  async closePoll(chat: Id, seq: number): Promise<void> {
    await messagesApi.closePoll(chat, seq);
  }

  async pin(chat: Id, seq: number, isPinned: boolean): Promise<void> {
    await messagesApi.pin(chat, seq, isPinned);
  }

  async star(chat: Id, seq: number, starred: boolean): Promise<void> {
    await messagesApi.star(chat, seq, starred);
    this.store.dispatch({ event: "message:starred", data: { chat, message_seq: seq, starred } });
  }

  async forward(messages: readonly Message[], to: Id[]): Promise<void> {
    const from = messages.map(({ chat, seq }) => ({ chat, seq }));
    await messagesApi.forward(from, to, newClientId());
  }

  private async ask<E extends keyof Commands>(event: E, data: Commands[E]["data"]): Promise<Commands[E]["reply"]> {
    try {
      return await this.socket.request(event, data);
    } catch (error) {
      if (error instanceof CommandRefused) throw new ApiError(0, error.code, error.message, {}, error.retryAfter);
      throw new NetworkError(event);
    }
  }
}
