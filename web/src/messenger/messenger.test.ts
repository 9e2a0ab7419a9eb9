import { afterEach, describe, expect, it, vi } from "vitest";

import type { Messenger } from "@/messenger/messenger";
import { messagesOf } from "@/store/selectors";
import { alice, aliceProfile, bob, contact, directChat, message } from "@/test/people";
import { aliceRoutes, makeMessenger, startAlice, stubServer } from "@/test/render";
import { FakeSocket } from "@/test/socket";

let messenger: Messenger;

afterEach(async () => {
  await messenger.logOut();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const held = { chats: [directChat({ head: 1, last_message: message(1, bob, "hello"), unread: 1 })], contacts: [contact(bob)] };

describe("Messenger", () => {
  it("asks nobody for anything while no one is logged in", async () => {
    const { asked } = stubServer({});
    messenger = makeMessenger();
    await messenger.start();
    expect(messenger.getSession()).toBe("out");
    expect(asked).toEqual([]);
  });

  it("starts afresh at the place the server is ready at", async () => {
    messenger = await startAlice(held);
    const state = messenger.store.getState();
    expect(state.place).toEqual({ position: 0, marks: 0, epoch: "e1" });
    expect(Object.keys(state.chats)).toEqual(["10"]);
    expect(Object.keys(state.contacts)).toEqual([bob.id]);
  });

  it("tells what was delivered, and what was seen once it is looked at", async () => {
    messenger = await startAlice(held);
    await vi.waitFor(() => expect(FakeSocket.last.asked("message:delivered").data).toEqual({ chat: "10", seq: 1 }));
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    messenger.look("10");
    await vi.waitFor(() => expect(FakeSocket.last.asked("message:seen").data).toEqual({ chat: "10", seq: 1 }));
    FakeSocket.last.reply("message:seen", "message:seen", { chat: "10", user: "1", seq: 1, at: "2026-01-05T09:10:00.000Z" });
    await vi.waitFor(() => expect(messenger.store.getState().chats["10"]?.unread).toBe(0));
  });

  it("does not say seen while the page is out of sight", async () => {
    messenger = await startAlice(held);
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    messenger.look("10");
    await vi.waitFor(() => FakeSocket.last.asked("message:delivered"));
    expect(FakeSocket.last.count("message:seen")).toBe(0);
  });

  it("sends a text, and again with the same name when the connection was lost before the reply", async () => {
    messenger = await startAlice(held);
    messenger.sendText("10", "hi bob");
    await vi.waitFor(() => FakeSocket.last.asked("chat:send"));
    const first = FakeSocket.last.asked("chat:send").data;
    FakeSocket.last.drop();
    await vi.waitFor(() => expect(FakeSocket.made).toHaveLength(2), 3_000);
    FakeSocket.last.welcome();
    await vi.waitFor(() => expect(FakeSocket.last.asked("chat:send").data).toEqual(first));
    FakeSocket.last.reply("chat:send", "chat:sent", {
      chat: "10",
      id: "10-2",
      seq: 2,
      client_id: first["client_id"],
      created_at: "2026-01-05T09:10:00.000Z",
      duplicate: true,
    });
    await vi.waitFor(() => expect(messenger.store.getState().outbox).toEqual([]));
    expect(messagesOf(messenger.store.getState(), "10").map((m) => m.text)).toEqual(["hi bob"]);
  });

  it("catches up by sync after a reconnect", async () => {
    messenger = await startAlice(held);
    FakeSocket.last.drop();
    await vi.waitFor(() => expect(FakeSocket.made).toHaveLength(2), 3_000);
    FakeSocket.last.welcome();
    await vi.waitFor(() => expect(FakeSocket.last.asked("sync").data).toEqual({ heads: { "10": 1 }, position: 0, marks: 0, epoch: "e1" }));
    FakeSocket.last.reply("sync", "sync", {
      events: [{ event: "chat:receive", data: { message: message(2, bob, "while you were out") } }],
      heads: { "10": 2 },
      position: 0,
      marks: 1,
      epoch: "e1",
      more: false,
      reset: [],
      gone: [],
      users: {},
    });
    await vi.waitFor(() => expect(messenger.store.getState().chats["10"]).toMatchObject({ unread: 2, head: 2 }));
  });

  it("reads my profile again as often as my other device changes it", async () => {
    messenger = await startAlice(held);
    for (const [at, avatar] of (["nobody", "everyone"] as const).entries()) {
      const me = { ...aliceProfile, avatar_url: `/media/${at}/avatar.webp`, privacy: { ...aliceProfile.privacy, avatar } };
      stubServer({ ...aliceRoutes(held), "GET users/me/": { body: me } });
      FakeSocket.last.push("user:updated", { user: alice.id, users: { [alice.id]: alice }, position: at + 1 });
      await vi.waitFor(() => expect(messenger.store.getState().me).toEqual(me), 3_000);
    }
  });

  it("reads my profile again after it could not be read", async () => {
    messenger = await startAlice(held);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { asked } = stubServer({ ...aliceRoutes(held), "GET users/me/": { status: 503, body: {} } });
    FakeSocket.last.push("user:updated", { user: alice.id, users: { [alice.id]: alice }, position: 1 });
    await vi.waitFor(() => expect(asked).toContain("GET users/me/"));
    const me = { ...aliceProfile, about: "By the sea" };
    stubServer({ ...aliceRoutes(held), "GET users/me/": { body: me } });
    await vi.advanceTimersByTimeAsync(31_000);
    await vi.waitFor(() => expect(messenger.store.getState().me).toEqual(me));
  });

  it("syncs when an unasked pong says that a push was lost", async () => {
    messenger = await startAlice(held);
    FakeSocket.last.push("pong", { heads: { "10": 7 }, position: 0, epoch: "e1" });
    await vi.waitFor(() => FakeSocket.last.asked("sync"));
  });

  it("is logged out, with nothing left, when the server refuses to renew the token", async () => {
    messenger = await startAlice(held);
    stubServer({ "POST auth/token/refresh/": { status: 401, body: { error: { code: "unauthenticated", message: "No." } } } });
    FakeSocket.last.drop(4401);
    await vi.waitFor(() => expect(messenger.getSession()).toBe("out"), 3_000);
    expect(messenger.store.getState()).toMatchObject({ me: null, chats: {}, outbox: [] });
    expect(localStorage).toHaveLength(0);
  });
});
