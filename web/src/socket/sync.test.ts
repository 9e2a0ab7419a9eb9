import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { SyncRequest } from "@/api/types";
import type { Pong, Ready, SyncAnswer } from "@/socket/protocol";
import { Synchroniser, type SyncTarget } from "@/socket/sync";

const ready: Ready = { user: "1", device: "d", server_time: "", heartbeat: 25, position: 3, marks: 7, epoch: "e1" };

let held: SyncRequest | null;
let gap: boolean;
let target: { [K in keyof SyncTarget]: ReturnType<typeof vi.fn<SyncTarget[K]>> };
let ask: ReturnType<typeof vi.fn<(request: SyncRequest) => Promise<SyncAnswer>>>;
let sync: Synchroniser;

function answer(more: Partial<SyncAnswer> = {}): SyncAnswer {
  return { events: [], heads: {}, position: 3, marks: 7, epoch: "e1", more: false, reset: [], gone: [], users: {}, ...more };
}

beforeEach(() => {
  vi.useFakeTimers();
  held = { heads: { "10": 5 }, position: 3, marks: 7, epoch: "e1" };
  gap = false;
  target = {
    held: vi.fn(() => held),
    hasGap: vi.fn(() => gap),
    startAfresh: vi.fn(() => Promise.resolve()),
    running: vi.fn(),
    take: vi.fn(() => {
      gap = false;
    }),
  };
  ask = vi.fn(() => Promise.resolve(answer()));
  sync = new Synchroniser(target, ask, () => true);
});

afterEach(() => {
  sync.stop();
  vi.useRealTimers();
});

const passed = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("Synchroniser", () => {
  it("starts afresh at the server's place when nothing is held", async () => {
    held = null;
    sync.onReady(ready);
    await passed(0);
    expect(target.startAfresh).toHaveBeenCalledWith(ready);
    expect(ask).not.toHaveBeenCalled();
  });

  it("asks for the rest after each connect, page by page", async () => {
    ask.mockResolvedValueOnce(answer({ more: true }));
    sync.onReady(ready);
    await passed(0);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(target.take).toHaveBeenCalledTimes(2);
  });

  it("starts afresh when the server has been restored", async () => {
    sync.onReady({ ...ready, epoch: "e2" });
    await passed(0);
    expect(target.startAfresh).toHaveBeenCalledTimes(1);
  });

  it("starts afresh when the answer shows another epoch", async () => {
    ask.mockResolvedValue(answer({ epoch: "e2", position: 1, marks: 2 }));
    sync.onReady(ready);
    await passed(0);
    expect(target.startAfresh).toHaveBeenCalledWith(expect.objectContaining({ epoch: "e2", position: 1, marks: 2 }));
    expect(target.take).not.toHaveBeenCalled();
  });

  it("syncs on a gap that lasts, and only then", async () => {
    sync.onReady(ready);
    await passed(0);
    gap = true;
    sync.check();
    await passed(299);
    expect(ask).toHaveBeenCalledTimes(1);
    await passed(1);
    expect(ask).toHaveBeenCalledTimes(2);
    gap = true;
    sync.check();
    gap = false;
    await passed(300);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("syncs when a pong shows a head above what is held", async () => {
    sync.onReady(ready);
    await passed(0);
    sync.onPong({ heads: { "10": 5 }, position: 3, epoch: "e1" });
    await passed(0);
    expect(ask).toHaveBeenCalledTimes(1);
    const pongs: Pong[] = [
      { heads: { "10": 6 }, position: 3, epoch: "e1" },
      { heads: { "99": 1 }, position: 3, epoch: "e1" },
      { heads: {}, position: 4, epoch: "e1" },
      { heads: {}, position: 3, epoch: "e1", sync: true },
    ];
    for (const pong of pongs) {
      const before = ask.mock.calls.length;
      sync.onPong(pong);
      await passed(0);
      expect(ask).toHaveBeenCalledTimes(before + 1);
    }
  });

  it("runs one round at a time and another for what was asked meanwhile", async () => {
    let release: (value: SyncAnswer) => void = () => undefined;
    ask.mockImplementationOnce(() => new Promise((resolve) => (release = resolve)));
    sync.onReady(ready);
    sync.onReady(ready);
    sync.onReady(ready);
    await passed(0);
    expect(ask).toHaveBeenCalledTimes(1);
    release(answer());
    await passed(0);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("tries again when the answer was lost on a living connection", async () => {
    ask.mockRejectedValueOnce(new Error("lost"));
    sync.onReady(ready);
    await passed(2_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
