import { describe, expect, it } from "vitest";

import type { Message, MessageStatus } from "@/api/types";
import type { ServerEvent } from "@/socket/protocol";
import { apply } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { isDoubtful } from "@/store/marks";
import { messagesOf, statusOf } from "@/store/selectors";
import { emptyState, type State } from "@/store/state";
import { alice, aliceProfile, bob, carol, everyone, groupChat, message } from "@/test/people";

function run(state: State, ...events: StoreEvent[]): State {
  return events.reduce((next, event) => apply(next, event, 0), state);
}

/** Alice starts with a group whose log has come to 10. */
function begin(members_count = 3): State {
  const place = { position: 0, marks: 0, epoch: "e1" };
  const requests = { incoming: [], outgoing: [], users: {} };
  const chats = [groupChat({ head: 10, members_count })];
  return run({ ...emptyState, me: aliceProfile }, { event: "local:afresh", data: { place, chats, contacts: [], requests, users: everyone } });
}

const inGroup = (seq: number, more: Partial<Message> = {}): Message => message(seq, alice, `m${seq}`, { id: `20-${seq}`, chat: "20", ...more });
const mine = (seq: number): ServerEvent => ({ event: "chat:receive", data: { message: inGroup(seq) } });
const mark = (kind: "delivered" | "seen", user: string, seq: number): ServerEvent => ({ event: `message:${kind}`, data: { chat: "20", user, seq } });

function change(seq: number, action: "added" | "left", user: string, members_count: number): ServerEvent {
  const told = inGroup(seq, { sender: null, kind: "system", text: null, content: { action, by: user, users: [user] } });
  return { event: "chat:receive", data: { message: told, chat: { id: "20", members_count, head: seq } } };
}

/** A page of messages of mine, all with one status. */
function page(state: State, seqs: number[], status: MessageStatus, before?: number): StoreEvent {
  const results = seqs.map((seq) => inGroup(seq, { status }));
  return { event: "local:page", data: { chat: "20", page: { results, has_more_before: false, has_more_after: false, users: {} }, before, doubt: state.logs["20"]?.doubt } };
}

function sync(more: { events?: ServerEvent[]; heads: Record<string, number>; reset?: string[] }): StoreEvent {
  return { event: "local:sync", data: { events: [], position: 0, marks: 1, epoch: "e1", more: false, reset: [], gone: [], users: {}, ...more } };
}

const ticks = (state: State): (MessageStatus | null)[] => messagesOf(state, "20").filter((m) => m.sender === alice.id).map((m) => statusOf(state, m));

describe("the ticks of my messages in a group", () => {
  it("wait for the last of the others", () => {
    const one = run(begin(), mine(11), mark("delivered", bob.id, 11));
    expect(ticks(one)).toEqual(["sent"]);
    expect(ticks(run(one, mark("delivered", carol.id, 11)))).toEqual(["delivered"]);
  });

  it("rise when the one who had not received them leaves", () => {
    expect(ticks(run(begin(), mine(11), mark("delivered", bob.id, 11), change(12, "left", carol.id, 2)))).toEqual(["delivered"]);
  });

  it("leave out who came later, also where their marks are known before their coming", () => {
    const early = run(begin(2), mine(11), mark("delivered", carol.id, 14), change(12, "added", carol.id, 3), mine(13), mine(14));
    expect(ticks(early)).toEqual(["sent", "sent", "sent"]);
    expect(ticks(run(early, mark("delivered", bob.id, 14)))).toEqual(["delivered", "delivered", "delivered"]);
  });

  it("fall when all whom they were sent to have gone, as the server says", () => {
    const both = run(begin(2), mine(11), mark("seen", bob.id, 11), change(12, "added", carol.id, 3));
    const read = run(both, page(both, [11], "seen"));
    const before = page(read, [11], "seen");
    const older = page(read, [11], "seen", 12);
    const gone = run(read, change(13, "left", bob.id, 2));
    expect(isDoubtful(gone, "20")).toBe(true);
    const settled = run(gone, page(gone, [11], "sent"));
    expect([ticks(settled), isDoubtful(settled, "20")]).toEqual([["sent"], false]);
    // Answers from before come too late.
    expect(ticks(run(settled, before))).toEqual(["sent"]);
    expect(ticks(run(settled, older))).toEqual(["sent"]);
  });

  it("are asked for when a mark covers what was sent before the log was followed", () => {
    const begun = begin();
    const read = run(begun, page(begun, [9], "sent"));
    const marked = run(read, mark("delivered", bob.id, 9));
    expect([ticks(marked), isDoubtful(marked, "20")]).toEqual([["sent"], true]);
    expect(isDoubtful(run(marked, page(marked, [9], "sent"), mark("delivered", bob.id, 9)), "20")).toBe(false);
  });

  it("are asked for again where the page that says them came before messages that it does not reach", () => {
    const ahead = run(begin(), mine(13), mark("seen", bob.id, 13), mark("delivered", carol.id, 13));
    const results = [inGroup(13, { status: "seen" })];
    const newest: StoreEvent = { event: "local:page", data: { chat: "20", page: { results, has_more_before: true, has_more_after: false, users: {} }, doubt: ahead.logs["20"]?.doubt } };
    const followed = run(ahead, newest, mine(11), mine(12));
    expect([ticks(followed), isDoubtful(followed, "20")]).toEqual([["delivered", "delivered", "seen"], true]);
    expect(isDoubtful(run(followed, page(followed, [11, 12, 13], "seen")), "20")).toBe(false);
  });

  it("are not held back by the late mark of one who had left before the log was followed", () => {
    expect(ticks(run(begin(2), mark("delivered", carol.id, 8), mine(11), mark("delivered", bob.id, 11)))).toEqual(["delivered"]);
  });

  it("count one who has left and come back while the log was not followed", () => {
    const left = run(begin(), change(11, "left", carol.id, 2));
    const later = sync({ heads: { "20": 9_000 }, reset: ["20"], events: [{ event: "chat:updated", data: { chat: { id: "20", members_count: 3, head: 9_000 } } }] });
    const both = [mark("delivered", bob.id, 9_001), mark("delivered", carol.id, 9_001)];
    expect(ticks(run(left, later, mine(9_001), ...both))).toEqual(["delivered"]);
    // The same where I have cleared the chat meanwhile, and one of its changes comes late.
    const cleared: ServerEvent = { event: "chat:cleared", data: { chat: "20", seq: 13, hidden: false, position: 1 } };
    const back: StoreEvent = sync({ heads: { "20": 13 }, events: [{ event: "chat:updated", data: { chat: { id: "20", members_count: 3, head: 13 } } }] });
    const marks = [mark("delivered", bob.id, 14), mark("delivered", carol.id, 14)];
    expect(ticks(run(begin(), cleared, change(11, "left", carol.id, 2), back, mine(14), ...marks))).toEqual(["delivered"]);
  });

  it("and the messages themselves do not come from a page asked for before the chat was reset", () => {
    const old = page(begin(), [9, 10], "sent");
    const reset = run(begin(), sync({ heads: { "20": 9_000 }, reset: ["20"] }));
    expect(messagesOf(run(reset, old), "20")).toEqual([]);
    expect(messagesOf(run(reset, page(reset, [9_000], "sent")), "20")).toHaveLength(1);
  });
});
