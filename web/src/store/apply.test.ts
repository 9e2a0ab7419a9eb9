import { describe, expect, it } from "vitest";

import type { ServerEvent } from "@/socket/protocol";
import { apply, hasGap } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { chatList, messagesOf, statusOf } from "@/store/selectors";
import { emptyState, type State } from "@/store/state";
import { alice, aliceProfile, bob, carol, directChat, everyone, message } from "@/test/people";

const blank = { kind: "text", content: null, replyTo: null, mentions: [], files: [] } as const;
const start: State = { ...emptyState, me: aliceProfile };

function run(state: State, ...events: StoreEvent[]): State {
  return events.reduce((next, event) => apply(next, event, 0), state);
}

function withChat(head = 0): State {
  const place = { position: 0, marks: 0, epoch: "e1" };
  const requests = { incoming: [], outgoing: [], users: {} };
  return run(start, {
    event: "local:afresh",
    data: { place, chats: [directChat({ head })], contacts: [], requests, users: everyone },
  });
}

const receive = (seq: number, text = `m${seq}`, sender = bob): ServerEvent => ({
  event: "chat:receive",
  data: { message: message(seq, sender, text) },
});

const texts = (state: State): (string | null)[] => messagesOf(state, "10").map((m) => m.text);

describe("apply", () => {
  it("adds a message and counts it as unread", () => {
    const state = run(withChat(), receive(1));
    expect(texts(state)).toEqual(["m1"]);
    expect(state.chats["10"]).toMatchObject({ unread: 1, head: 1, last_message: { text: "m1" } });
  });

  it("ignores the same event the second time", () => {
    const once = run(withChat(), receive(1));
    expect(run(once, receive(1))).toBe(once);
  });

  it("holds back what comes too early until its turn", () => {
    const early = run(withChat(), receive(2), receive(3));
    expect(texts(early)).toEqual([]);
    expect(hasGap(early)).toBe(true);
    const filled = run(early, receive(1));
    expect(texts(filled)).toEqual(["m1", "m2", "m3"]);
    expect(hasGap(filled)).toBe(false);
    expect(filled.chats["10"]?.unread).toBe(3);
  });

  it("asks for a sync when it meets a chat it does not know", () => {
    const state = run(withChat(), { event: "chat:receive", data: { message: message(1, bob, "x", { chat: "77" }) } });
    expect(hasGap(state)).toBe(true);
  });

  it("ignores an event it has never heard of", () => {
    const state = withChat();
    expect(run(state, { event: "moon:risen", data: {} } as unknown as StoreEvent)).toBe(state);
  });

  it("keeps the newer jump when an older one has been shown", () => {
    const [first, second] = [{ chat: "10", seq: 1 }, { chat: "10", seq: 2 }];
    const state = run(withChat(), { event: "local:jump", data: first }, { event: "local:jump", data: second }, { event: "local:jumped", data: first });
    expect(state.jump).toBe(second);
    expect(run(state, { event: "local:jumped", data: second }).jump).toBeNull();
  });

  it("replaces the outbox entry by the message when the server has taken it", () => {
    const pending = { ...blank, clientId: "x1", chat: "10", text: "hi", createdAt: "2026-01-05T09:00:00.000Z", state: "queued", error: null } as const;
    const sent = { chat: "10", id: "10-1", seq: 1, client_id: "x1", created_at: "2026-01-05T09:00:01.000Z", duplicate: false };
    const state = run(withChat(), { event: "local:queued", data: { pending } }, { event: "local:sent", data: { sent } });
    expect(state.outbox).toEqual([]);
    expect(messagesOf(state, "10")).toMatchObject([{ text: "hi", seq: 1, sender: alice.id }]);
    expect(state.chats["10"]?.unread).toBe(0);
  });

  it("settles the outbox entry when its message comes by another way first", () => {
    const pending = { ...blank, clientId: "x1", chat: "10", text: "hi", createdAt: "2026-01-05T09:00:00.000Z", state: "queued", error: null } as const;
    const back: ServerEvent = { event: "chat:receive", data: { message: message(1, alice, "hi", { client_id: "x1" }) } };
    const state = run(withChat(), { event: "local:queued", data: { pending } }, back);
    expect(state.outbox).toEqual([]);
    expect(texts(state)).toEqual(["hi"]);
  });

  it("raises ticks by the other's watermarks and never lowers them", () => {
    const mine = receive(1, "hi", alice);
    const seen: ServerEvent = { event: "message:seen", data: { chat: "10", user: bob.id, seq: 1 } };
    const late: ServerEvent = { event: "message:delivered", data: { chat: "10", user: bob.id, seq: 1 } };
    const state = run(withChat(), mine, seen, late);
    expect(statusOf(state, messagesOf(state, "10")[0] as never)).toBe("seen");
  });

  it("clears the unread when I have seen it on another device", () => {
    const seen: ServerEvent = { event: "message:seen", data: { chat: "10", user: alice.id, seq: 2 } };
    const state = run(withChat(), receive(1), receive(2), receive(3), seen);
    expect(state.chats["10"]?.unread).toBe(1);
  });

  it("ends typing when the message comes, and by itself after six seconds", () => {
    const typing: ServerEvent = { event: "chat:typing", data: { chat: "10", user: bob.id, typing: true } };
    expect(run(withChat(), typing, receive(1)).typing).toEqual({});
    const begun = run(withChat(), typing);
    expect(apply(begun, { event: "local:tick", data: {} }, 5_999).typing).not.toEqual({});
    expect(apply(begun, { event: "local:tick", data: {} }, 6_000).typing).toEqual({});
  });

  it("takes a request that was accepted into the contacts", () => {
    const request = { id: "5", from: carol.id, to: alice.id, status: "pending", expires_at: "2026-01-05T10:00:00Z" } as const;
    const asked = run(withChat(), { event: "connection:request", data: { request, position: 1 } });
    expect(Object.keys(asked.requests)).toEqual(["5"]);
    const met = run(asked, { event: "connection:accepted", data: { request: { ...request, status: "accepted" }, position: 2 } });
    expect(met.requests).toEqual({});
    expect(Object.keys(met.contacts)).toEqual([carol.id]);
  });

  it("drops a reset chat's messages and goes on from the head it is given", () => {
    const answer = { events: [], heads: { "10": 9000 }, position: 0, marks: 1, epoch: "e1", more: false, reset: ["10"], gone: [], users: {} };
    const state = run(withChat(), receive(1), { event: "local:sync", data: answer });
    expect(texts(state)).toEqual([]);
    expect(state.logs["10"]).toMatchObject({ head: 9000, from: 9001 });
    expect(state.stale).toEqual({ "10": true });
    expect(texts(run(state, receive(9001)))).toEqual(["m9001"]);
  });

  it("removes a chat that is gone", () => {
    const answer = { events: [], heads: {}, position: 0, marks: 1, epoch: "e1", more: false, reset: [], gone: ["10"], users: {} };
    expect(chatList(run(withChat(), { event: "local:sync", data: answer }))).toEqual([]);
  });

  it("does not let an old summary undo what has happened since", () => {
    const old = directChat({ head: 0, unread: 0 });
    const state = run(withChat(), receive(1), { event: "local:chat", data: { chat: old } });
    expect(state.chats["10"]).toMatchObject({ head: 1, unread: 1 });
  });

  it("does not count twice what a newer summary has already counted", () => {
    const newer = directChat({ head: 2, unread: 2, last_message: message(2, bob, "m2") });
    const state = run(withChat(), { event: "local:chat", data: { chat: newer } }, receive(1), receive(2), receive(3));
    expect(state.chats["10"]).toMatchObject({ head: 3, unread: 3 });
  });
});
