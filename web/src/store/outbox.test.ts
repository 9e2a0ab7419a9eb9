import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Sent } from "@/socket/protocol";
import { Files } from "@/store/files";
import { Outbox, type Trouble } from "@/store/outbox";
import { Database, Persister, restore } from "@/store/persist";
import { messagesOf } from "@/store/selectors";
import type { Pending } from "@/store/state";
import { Store } from "@/store/store";
import { alice, aliceProfile, bob, directChat, everyone, message } from "@/test/people";

let number = 0;
let database: Database;
let store: Store;
/** The server of these tests: each client_id once, whatever is sent. */
let server: Map<string, Sent>;
let online: boolean;
let loseReplies: boolean;

function send(entry: Pending): Promise<Sent> {
  if (!online) return Promise.reject(new Error("offline"));
  const known = server.get(entry.clientId);
  const sent = known ?? {
    chat: entry.chat,
    id: `10-${server.size + 1}`,
    seq: server.size + 1,
    client_id: entry.clientId,
    created_at: "2026-01-05T09:30:00.000Z",
    duplicate: false,
  };
  server.set(entry.clientId, sent);
  if (loseReplies) return Promise.reject(new Error("lost"));
  return Promise.resolve({ ...sent, duplicate: known !== undefined });
}

function outboxOf(on: Store, judge: (error: unknown) => Trouble = () => ({ kind: "unknown" })): Outbox {
  return new Outbox(on, database, new Files(database), send, judge);
}

function signIn(on: Store): void {
  on.dispatch({ event: "local:me", data: { me: aliceProfile } });
  on.dispatch({
    event: "local:afresh",
    data: {
      place: { position: 0, marks: 0, epoch: "e1" },
      chats: [directChat()],
      contacts: [],
      requests: { incoming: [], outgoing: [], users: {} },
      users: everyone,
    },
  });
}

beforeEach(() => {
  database = new Database(`outbox${++number}`);
  store = new Store();
  server = new Map();
  online = true;
  loseReplies = false;
  signIn(store);
});

const texts = (of: Store): (string | null)[] => messagesOf(of.getState(), "10").map((m) => m.text);

describe("Outbox", () => {
  it("sends at once and leaves nothing behind", async () => {
    await outboxOf(store).add("10", { text: "hi" });
    await vi.waitFor(async () => expect(await database.outbox.count()).toBe(0));
    expect(texts(store)).toEqual(["hi"]);
    expect(store.getState().outbox).toEqual([]);
  });

  it("keeps what was written offline, in order, and sends it once when the connection is back", async () => {
    online = false;
    const outbox = outboxOf(store);
    await outbox.add("10", { text: "one" });
    await outbox.add("10", { text: "two" });
    expect(store.getState().outbox.map((entry) => entry.state)).toEqual(["queued", "queued"]);
    online = true;
    outbox.flush();
    outbox.flush();
    await vi.waitFor(() => expect(texts(store)).toEqual(["one", "two"]));
    expect(server.size).toBe(2);
  });

  it("survives a reload and is there once although the reply was lost", async () => {
    const persister = new Persister(store, database);
    persister.start();
    loseReplies = true;
    await outboxOf(store).add("10", { text: "once" });
    await persister.flush();
    await persister.stop();
    expect(server.size).toBe(1);

    const reloaded = new Store();
    reloaded.dispatch({ event: "local:restored", data: await restore(database) });
    expect(reloaded.getState().outbox).toMatchObject([{ text: "once", state: "queued" }]);
    loseReplies = false;
    outboxOf(reloaded).flush();
    await vi.waitFor(() => expect(reloaded.getState().outbox).toEqual([]));
    expect(texts(reloaded)).toEqual(["once"]);
    expect(server.size).toBe(1);
    await vi.waitFor(async () => expect(await database.outbox.count()).toBe(0));
  });

  it("keeps all that a message is over a reload: what it answers, whom it calls, what it asks", async () => {
    const persister = new Persister(store, database);
    persister.start();
    online = false;
    const content = { question: "When?", options: ["a", "b"], multiple: false, closes_at: null };
    await outboxOf(store).add("10", { text: "yes @bob", replyTo: 3, mentions: ["2"] });
    await outboxOf(store).add("10", { kind: "poll", content });
    await persister.flush();
    await persister.stop();

    const reloaded = new Store();
    reloaded.dispatch({ event: "local:restored", data: await restore(database) });
    expect(reloaded.getState().outbox).toMatchObject([
      { kind: "text", text: "yes @bob", replyTo: 3, mentions: ["2"] },
      { kind: "poll", content, replyTo: null },
    ]);
    online = true;
    outboxOf(reloaded).flush();
    await vi.waitFor(() => expect(reloaded.getState().outbox).toEqual([]));
    expect(server.size).toBe(2);
    expect(messagesOf(reloaded.getState(), "10")[1]?.content).toMatchObject({ question: "When?", votes: [{ count: 0 }, { count: 0 }] });
  });

  it("forgets a message that came back by sync before its reply", async () => {
    loseReplies = true;
    await outboxOf(store).add("10", { text: "hi" });
    const clientId = store.getState().outbox[0]?.clientId ?? "";
    store.dispatch({ event: "chat:receive", data: { message: message(1, alice, "hi", { client_id: clientId }) } });
    expect(store.getState().outbox).toEqual([]);
    await vi.waitFor(async () => expect(await database.outbox.count()).toBe(0));
  });

  it("shows a refusal, and sends again with the same name on retry", async () => {
    online = false;
    const outbox = outboxOf(store, () => ({ kind: "refused", code: "chat_closed" }));
    await outbox.add("10", { text: "hi" });
    await vi.waitFor(() => expect(store.getState().outbox).toMatchObject([{ state: "failed", error: "chat_closed" }]));
    const clientId = store.getState().outbox[0]?.clientId ?? "";
    online = true;
    outbox.retry(clientId);
    await vi.waitFor(() => expect(texts(store)).toEqual(["hi"]));
    expect([...server.keys()]).toEqual([clientId]);
  });

  it("gives up a refused message when told to", async () => {
    online = false;
    const outbox = outboxOf(store, () => ({ kind: "refused", code: "chat_closed" }));
    await outbox.add("10", { text: "hi" });
    outbox.discard(store.getState().outbox[0]?.clientId ?? "");
    expect(store.getState().outbox).toEqual([]);
    await vi.waitFor(async () => expect(await database.outbox.count()).toBe(0));
  });
});

describe("Persister", () => {
  it("brings back chats, messages, people and place as they were", async () => {
    const persister = new Persister(store, database);
    persister.start();
    store.dispatch({ event: "chat:receive", data: { message: message(1, bob, "hello") } });
    store.dispatch({ event: "local:draft", data: { chat: "10", text: "half a" } });
    await persister.flush();
    await persister.stop();
    const { me, place, chats, users, drafts, logs } = { ...store.getState(), ...(await restore(database)) };
    expect({ me, place, chats, users, drafts }).toEqual({
      me: aliceProfile,
      place: { position: 0, marks: 0, epoch: "e1" },
      chats: store.getState().chats,
      users: store.getState().users,
      drafts: { "10": "half a" },
    });
    expect(logs["10"]).toEqual(store.getState().logs["10"]);
  });

  it("removes a chat from storage when it is gone from the state", async () => {
    const persister = new Persister(store, database);
    persister.start();
    await persister.flush();
    store.dispatch({ event: "local:chat-missing", data: { chat: "10" } });
    await persister.flush();
    await persister.stop();
    expect(await database.chats.count()).toBe(0);
  });
});
