import { Blob } from "node:buffer";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Medium } from "@/api/types";
import { untouched, type Outgoing } from "@/media/outgoing";
import { Messenger } from "@/messenger/messenger";
import { Database } from "@/store/persist";
import { messagesOf } from "@/store/selectors";
import { bob, contact, directChat, everyone } from "@/test/people";
import { aliceRoutes, stubServer, type Routes } from "@/test/render";
import { FakeSocket } from "@/test/socket";
import { FakeUploads } from "@/test/uploads";

let number = 0;
let database: Database;
let messenger: Messenger;
let uploads: FakeUploads;
/** How the server has a medium when it is asked for. */
let looks: Partial<Medium>;

function outgoing(name: string, text: string): Outgoing {
  // Node's own Blob, which its structured clone takes into the database.
  const blob = new Blob([text], { type: "image/jpeg" }) as unknown as globalThis.Blob;
  return { key: `key-${name}`, blob, name, size: blob.size, mime: "image/jpeg", kind: "image", width: 80, height: 60, duration: null, waveform: null, isUntouched: false };
}

async function start(): Promise<void> {
  const routes: Routes = aliceRoutes({ chats: [directChat()], contacts: [contact(bob)] });
  const media = Object.fromEntries([100, 101, 102].map((id) => [`GET media/${id}/`, () => ({ body: { ...uploads.mediumOf(String(id)), ...looks } })]));
  stubServer({ ...routes, ...media });
  localStorage.setItem("session", "1");
  FakeSocket.made = [];
  messenger = new Messenger({ newSocket: (url) => new FakeSocket(url), database });
  await messenger.start();
  await vi.waitFor(() => FakeSocket.last);
  FakeSocket.last.welcome();
  if (FakeSocket.last.count("sync") > 0) {
    FakeSocket.last.reply("sync", "sync", { events: [], heads: {}, position: 0, marks: 0, epoch: "e1", more: false, reset: [], gone: [], users: everyone });
  }
  await vi.waitFor(() => expect(messenger.store.getState().place).not.toBeNull());
}

function sent(): Record<string, unknown>[] {
  return FakeSocket.last.sent.filter((frame) => frame.event === "chat:send").map((frame) => frame.data);
}

function commit(seq: number): void {
  const { client_id } = FakeSocket.last.asked("chat:send").data;
  FakeSocket.last.reply("chat:send", "chat:sent", { chat: "10", id: `10-${seq}`, seq, client_id, created_at: "2026-01-05T09:30:00.000Z", duplicate: false });
}

beforeEach(async () => {
  database = new Database(`uploads${++number}`);
  uploads = new FakeUploads();
  looks = {};
  await start();
});

afterEach(async () => {
  await messenger.logOut();
  vi.unstubAllGlobals();
});

describe("a message with files", () => {
  it("is sent once its files are there, as what the server says they are", async () => {
    messenger.sendFiles("10", [outgoing("a.jpg", "aaaa"), outgoing("b.jpg", "bbbb")], "Look");
    // The first one loads what uploads.
    await vi.waitFor(() => expect(sent()).toHaveLength(1), { timeout: 10_000 });
    expect(sent()[0]).toMatchObject({ kind: "image", text: "Look", attachments: ["100", "101"] });
    expect(uploads.asked.every((asked) => asked.headers["Authorization"] === "Bearer token")).toBe(true);

    // One became ready before the message was there: no event of the chat tells of it.
    looks = { state: "ready", url: "/media/100/a.jpg", width: 80, height: 60 };
    commit(1);
    await vi.waitFor(() => expect(messagesOf(messenger.store.getState(), "10")[0]?.attachments?.[0]?.url).toBe("/media/100/a.jpg"));
    expect(messenger.store.getState().outbox).toEqual([]);
    await vi.waitFor(async () => expect(await database.files.count()).toBe(0));
  });

  it("stays a file at the server where its sender wants nothing of it lost", async () => {
    messenger.sendFiles("10", [untouched(outgoing("a.jpg", "aaaa"))], "To print");
    await vi.waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]).toMatchObject({ kind: "file", text: "To print", attachments: ["100"] });
    expect(uploads.mediumOf("100")).toMatchObject({ name: "a.jpg", kind: "file" });
  });

  it("goes on where it was cut off, after a reload too, and is there once", async () => {
    uploads.room = 3;
    messenger.sendFiles("10", [outgoing("a.jpg", "0123456789")]);
    await vi.waitFor(async () => expect((await database.outbox.toArray())[0]?.files[0]?.address).toContain("/uploads/100/"));
    await vi.waitFor(async () => expect(await database.personal.count()).toBe(1));
    expect(sent()).toHaveLength(0);
    // The page is left as it is: a new one finds what the old one has stored.
    messenger.outbox.stop();
    FakeSocket.last.close();
    uploads.room = Infinity;
    await start();
    await vi.waitFor(() => expect(sent()).toHaveLength(1), { timeout: 10_000 });
    expect(sent()[0]).toMatchObject({ attachments: ["100"] });
    expect(uploads.asked.filter((asked) => asked.method === "POST")).toHaveLength(1);
    expect(uploads.asked.findLast((asked) => asked.method === "PATCH")?.headers["Upload-Offset"]).toBe("3");
  });

  it("says what the server refused, and is brought again when one says so", async () => {
    uploads.refusal = { status: 413, code: "quota_exceeded" };
    messenger.sendFiles("10", [outgoing("a.jpg", "aaaa")]);
    await vi.waitFor(() => expect(messenger.store.getState().outbox[0]).toMatchObject({ state: "failed", error: "quota_exceeded" }));
    uploads.refusal = null;
    messenger.outbox.retry(messenger.store.getState().outbox[0]?.clientId ?? "");
    await vi.waitFor(() => expect(sent()).toHaveLength(1));
  });

  it("ends its uploads at the server when it is called back", async () => {
    uploads.room = 2;
    messenger.sendFiles("10", [outgoing("a.jpg", "0123456789")]);
    await vi.waitFor(() => expect(messenger.store.getState().outbox[0]?.files[0]?.address).not.toBeNull());
    messenger.outbox.discard(messenger.store.getState().outbox[0]?.clientId ?? "");
    await vi.waitFor(() => expect(uploads.asked.at(-1)).toMatchObject({ method: "DELETE", url: "/api/v1/media/uploads/100/" }));
    await vi.waitFor(async () => expect(await database.files.count()).toBe(0));
    expect(sent()).toHaveLength(0);
  });

  it("takes pictures and other files apart, the words with the first", async () => {
    const text = { ...outgoing("c.txt", "cc"), kind: "file" as const, mime: "text/plain" };
    messenger.sendFiles("10", [text, outgoing("a.jpg", "aaaa")], "Both");
    expect(messenger.store.getState().outbox.map((entry) => [entry.kind, entry.text])).toEqual([
      ["image", "Both"],
      ["file", ""],
    ]);
    await vi.waitFor(() => expect(sent()).toHaveLength(2));
  });
});
