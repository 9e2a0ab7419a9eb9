import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { CommandRefused, ConnectionLost, SocketClient, type SocketStatus } from "@/socket/client";
import { FakeSocket } from "@/test/socket";

let client: SocketClient;
let statuses: SocketStatus[];
let events: [string, unknown][];
let readies: boolean[];
let pongs: unknown[];
let token: ReturnType<typeof vi.fn<(force: boolean) => Promise<string>>>;
let tokenEndsAt: number | null;

const passed = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function connect(): Promise<FakeSocket> {
  client.start();
  await passed(0);
  FakeSocket.last.welcome();
  await passed(0);
  return FakeSocket.last;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  statuses = [];
  events = [];
  readies = [];
  pongs = [];
  tokenEndsAt = null;
  token = vi.fn((force: boolean) => Promise.resolve(force ? "new" : "old"));
  client = new SocketClient({
    url: "ws://test/ws/",
    token,
    tokenEndsAt: () => tokenEndsAt,
    onStatus: (status) => statuses.push(status),
    onReady: (_, again) => readies.push(again),
    onPong: (pong) => pongs.push(pong),
    onEvent: (event, data) => events.push([event, data]),
    newSocket: (url) => new FakeSocket(url),
    random: () => 1,
  });
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

describe("SocketClient", () => {
  it("says who it is in the first frame and is online when the server is ready", async () => {
    const socket = await connect();
    expect(socket.sent[0]).toMatchObject({ event: "auth", data: { token: "old" } });
    expect(statuses).toEqual(["connecting", "online"]);
    expect(readies).toEqual([false]);
  });

  it("matches replies to commands by ref and gives pushes to its owner", async () => {
    const socket = await connect();
    const first = client.request("message:seen", { chat: "10", seq: 1 });
    const second = client.request("message:seen", { chat: "10", seq: 2 });
    const [one, two] = socket.sent.slice(-2);
    socket.push("message:seen", { seq: 2 }, two?.ref);
    socket.push("user:online", { user: "2" });
    socket.push("error", { code: "not_found", message: "No." }, one?.ref);
    await expect(second).resolves.toEqual({ seq: 2 });
    await expect(first).rejects.toBeInstanceOf(CommandRefused);
    expect(events).toEqual([["user:online", { user: "2" }]]);
  });

  it("pings as often as the server asks and comes back when no pong comes", async () => {
    const socket = await connect();
    await passed(25_000);
    expect(socket.count("ping")).toBe(1);
    socket.reply("ping", "pong", { heads: { "10": 4 }, position: 1, epoch: "e1" });
    await passed(0);
    expect(pongs).toHaveLength(1);
    await passed(25_000);
    await passed(10_000);
    expect(socket.closed).toBe(true);
    expect(client.status).toBe("waiting");
    await passed(500);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("waits twice as long after each failure, up to half a minute", async () => {
    client.start();
    for (const pause of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      await passed(0);
      const before = FakeSocket.made.length;
      FakeSocket.last.drop();
      await passed(pause - 1);
      expect(FakeSocket.made).toHaveLength(before);
      await passed(1);
      expect(FakeSocket.made).toHaveLength(before + 1);
    }
  });

  it("stays away as long as a restarting server asks", async () => {
    const socket = await connect();
    socket.drop(1012, "5");
    await passed(4_999);
    expect(FakeSocket.made).toHaveLength(1);
    await passed(501);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("asks for a new token when the server closes with 4401", async () => {
    const socket = await connect();
    socket.drop(4401);
    await passed(500);
    expect(token).toHaveBeenLastCalledWith(true);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent[0]).toMatchObject({ data: { token: "new" } });
  });

  it("renews its token on the open socket before it ends", async () => {
    tokenEndsAt = Date.now() + 600_000;
    const socket = await connect();
    tokenEndsAt = Date.now() + 1_200_000;
    while (socket.count("auth") < 2) {
      await passed(5_000);
      if (socket.sent.at(-1)?.event === "ping") socket.reply("ping", "pong", { heads: {}, position: 0, epoch: "e1" });
    }
    expect(Date.now()).toBeLessThan(tokenEndsAt - 600_000);
    expect(socket.asked("auth").data).toEqual({ token: "new" });
    socket.reply("auth", "ready", { heartbeat: 25, position: 0, marks: 0, epoch: "e1" });
    await passed(0);
    expect(readies).toEqual([false, true]);
    expect(FakeSocket.made).toHaveLength(1);
  });

  it("tells everyone who waits that the connection was lost", async () => {
    const socket = await connect();
    const asked = client.request("message:seen", { chat: "10", seq: 1 });
    socket.drop();
    await expect(asked).rejects.toBeInstanceOf(ConnectionLost);
    await expect(client.request("ping", {})).rejects.toBeInstanceOf(ConnectionLost);
  });

  it("rests without a network and is back at once with it", async () => {
    const socket = await connect();
    dispatchEvent(new Event("offline"));
    expect(client.status).toBe("offline");
    expect(socket.closed).toBe(true);
    dispatchEvent(new Event("online"));
    await passed(0);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("does not push out its own other tabs", async () => {
    const socket = await connect();
    socket.drop(4409);
    await passed(120_000);
    expect(FakeSocket.made).toHaveLength(1);
    client.retryNow();
    await passed(0);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("comes back when it cannot get a token for want of a network", async () => {
    token.mockRejectedValueOnce(new Error("network"));
    client.start();
    await passed(0);
    expect(FakeSocket.made).toHaveLength(0);
    await passed(500);
    expect(FakeSocket.made).toHaveLength(1);
  });
});
