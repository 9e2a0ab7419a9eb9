import { describe, expect, it } from "vitest";

import type { Message } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";
import { apply } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { mentionParts, mentionsIn } from "@/store/mentions";
import { chatList, messagesOf } from "@/store/selectors";
import { emptyState, type State } from "@/store/state";
import { alice, aliceProfile, bob, carol, directChat, everyone, groupChat, message } from "@/test/people";

function run(state: State, ...events: StoreEvent[]): State {
  return events.reduce((next, event) => apply(next, event, 0), state);
}

const place = { position: 0, marks: 0, epoch: "e1" };
const requests = { incoming: [], outgoing: [], users: {} };
const begin = run(
  { ...emptyState, me: aliceProfile },
  { event: "local:afresh", data: { place, chats: [directChat(), groupChat()], contacts: [], requests, users: everyone } },
);

const inGroup = (seq: number, more: Partial<Message> = {}): Message => message(seq, bob, `m${seq}`, { id: `20-${seq}`, chat: "20", ...more });
const receive = (made: Message): ServerEvent => ({ event: "chat:receive", data: { message: made } });
const mine = (position: number, me: object): ServerEvent => ({ event: "chat:updated", data: { chat: directChat({ me: { delivered: 0, seen: 0, ...me } }), position } });

describe("a draft", () => {
  it("comes from my other devices, and goes when it was sent there", () => {
    const shown = run(begin, mine(1, { draft: "hello" }));
    expect(shown.drafts).toEqual({ "10": "hello" });
    expect(run(shown, mine(2, { draft: null })).drafts).toEqual({});
  });

  it("is not taken away from under my fingers", () => {
    const state = run(begin, { event: "local:draft", data: { chat: "10", text: "my words" } }, mine(1, { draft: "other words" }));
    expect(state.drafts).toEqual({ "10": "my words" });
  });

  it("does not come back as news after it was sent here", () => {
    const told: StoreEvent = { event: "local:draft-told", data: { chat: "10", text: "hel" } };
    const state = run(begin, { event: "local:draft", data: { chat: "10", text: "hel" } }, told, { event: "local:draft", data: { chat: "10", text: "" } }, mine(1, { draft: "hel" }));
    expect(state.drafts).toEqual({});
  });
});

describe("a chat", () => {
  it("is out of the list once deleted, until something new comes", () => {
    const gone = run(begin, { event: "chat:cleared", data: { chat: "10", seq: 0, hidden: true, position: 1 } });
    expect(chatList(gone).map((chat) => chat.id)).toEqual(["20"]);
    expect(chatList(run(gone, receive(message(1, bob, "hi")))).map((chat) => chat.id)).toContain("10");
  });

  it("shows nothing from before it was cleared, however late it comes", () => {
    const cleared = run(begin, { event: "chat:cleared", data: { chat: "10", seq: 2, hidden: false, position: 1 } }, receive(message(1, bob, "a")), receive(message(2, bob, "b")));
    const late = run(cleared, receive(message(3, bob, "c")), {
      event: "local:page",
      data: { chat: "10", page: { results: [message(1, bob, "a"), message(2, bob, "b")], has_more_before: false, has_more_after: true, users: {} }, before: 3 },
    });
    expect(messagesOf(late, "10").map((m) => m.text)).toEqual(["c"]);
    expect(late.chats["10"]).toMatchObject({ unread: 1, last_message: { text: "c" } });
  });

  it("keeps the newer of two pushes that overtake each other, and is read again when one is lost", () => {
    const named = (seq: number): Message => inGroup(seq, { kind: "system", sender: null, text: null, content: { action: "renamed", by: bob.id, users: [], name: `n${seq}` } });
    const push = (seq: number): ServerEvent => ({ event: "chat:updated", data: { chat: { id: "20", name: `n${seq}`, head: seq } } });
    const state = run(begin, receive(named(1)), receive(named(2)), push(2), push(1));
    expect(state.chats["20"]).toMatchObject({ name: "n2", infoAt: 2, changedAt: 2 });
    const lost = run(state, receive(named(3))).chats["20"];
    expect(lost?.changedAt).toBeGreaterThan(lost?.infoAt ?? 0);
  });
});

describe("a message", () => {
  it("hides itself when its time is over", () => {
    const short = inGroup(1, { expires_at: "2026-01-05T09:10:00.000Z" });
    const state = run(begin, receive(short), receive(inGroup(2)));
    const later = apply(state, { event: "local:tick", data: {} }, Date.parse("2026-01-05T09:10:00.000Z"));
    expect(messagesOf(later, "20").map((m) => m.seq)).toEqual([2]);
    expect(later.chats["20"]?.unread).toBe(1);
  });

  it("takes a star from another device, and keeps it when it changes", () => {
    const starred: ServerEvent = { event: "message:starred", data: { chat: "20", message_seq: 1, starred: true } };
    const edited: ServerEvent = { event: "message:updated", data: { chat: "20", seq: 2, by: bob.id, change: "edited", message: inGroup(1, { text: "new" }) } };
    expect(messagesOf(run(begin, receive(inGroup(1)), starred, edited), "20")).toMatchObject([{ text: "new", starred: true }]);
  });

  it("loses its words with the person who said them, also where they are quoted or come last", () => {
    const answer = inGroup(2, { sender: carol.id, reply_to: { seq: 1, sender: bob.id, kind: "text", text: "m1" } });
    const state = run(begin, receive(inGroup(1)), receive(answer), receive(inGroup(3)), { event: "user:erased", data: { user: bob.id, position: 1 } });
    expect(messagesOf(state, "20")).toMatchObject([{ text: null }, { text: "m2", reply_to: { text: null } }, { text: null }]);
    expect(state.chats["20"]?.last_message).toMatchObject({ text: null });
  });

  it("asks who it is that nobody has named", () => {
    expect(run(begin, receive(inGroup(1, { sender: "99" }))).strangers).toEqual({ "99": true });
  });
});

describe("mentions", () => {
  const rows = [alice, bob, carol].map((user) => ({ user: user.id, role: "member" as const, joined_at: "" }));
  const inside = run(begin, { event: "local:members", data: { chat: "20", rows, at: 0 } });

  it("are the members called by username, and all", () => {
    expect(mentionsIn(inside, "20", "@bob, @Carol. and @nobody, mail bob@carol.example")).toEqual([bob.id, carol.id]);
    expect(mentionsIn(inside, "20", "@all @alice")).toEqual(["all"]);
    expect(mentionsIn(inside, "10", "@bob")).toEqual([]);
  });

  it("are cut out of the text without losing a letter", () => {
    const text = "Hi @bob. (@carol) x@bob @bobby";
    const parts = mentionParts(text, [bob.id, carol.id], everyone);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    expect(parts.filter((part) => part.of).map((part) => part.text)).toEqual(["@bob", "@carol"]);
  });
});
