/**
 * The law of the store: whatever way the server's events come, shuffled, doubled or dropped, a client
 * that has caught up shows what a client shows that starts afresh.
 */

import { expect } from "vitest";

import type { ServerEvent } from "@/socket/protocol";
import { apply, hasGap } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { messageAt } from "@/store/log";
import { isDoubtful } from "@/store/marks";
import { messagesOf, nameOf, statusOf, titleOf } from "@/store/selectors";
import { emptyState, type State } from "@/store/state";
import { alice, aliceProfile, bob, carol } from "@/test/people";
import { Random } from "@/test/random";
import { World } from "@/test/world";

/** So many schedules are tried, each made by the dice of its seed. */
export const SEEDS = 10_000;

const blank = { kind: "text", content: null, replyTo: null, mentions: [], files: [] } as const;
const start: State = { ...emptyState, me: aliceProfile };

function run(state: State, ...events: StoreEvent[]): State {
  return events.reduce((next, event) => apply(next, event, 0), state);
}

/** What people can see, with everything that may differ by the way there left out. */
function picture(state: State): unknown {
  const chats = Object.values(state.chats)
    .filter((chat) => !chat.me.hidden || chat.last_message)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    chats: chats.map((chat) => ({
      id: chat.id,
      name: titleOf(state, chat),
      members: chat.members_count,
      head: state.logs[chat.id]?.head,
      unread: chat.unread,
      mentions: chat.mentions ?? 0,
      me: { archived: false, pinned: false, hidden: false, draft: null, ...chat.me, delivered: null },
      last: chat.last_message && [chat.last_message.seq, chat.last_message.text, chat.last_message.deleted_at, statusOf(state, chat.last_message)],
      messages: messagesOf(state, chat.id).map((m) => [
        m.seq,
        m.text,
        m.deleted_at,
        m.edited_at,
        m.pinned,
        m.mentions,
        // Of a message that is not shown to me I do not hear how it changes.
        m.reply_to && [m.reply_to.seq, messageAt(state.logs[chat.id], m.reply_to.seq) && m.reply_to.text],
        m.content,
        (m.reactions ?? []).map((r) => [r.emoji, r.count, r.mine]),
        statusOf(state, m),
      ]),
    })),
    drafts: Object.fromEntries(chats.flatMap(({ id }) => (state.drafts[id] ? [[id, state.drafts[id]]] : []))),
    contacts: Object.keys(state.contacts).sort(),
    people: [bob, carol].map(({ id }) => nameOf(state.users[id])),
    requests: Object.keys(state.requests).sort(),
    outbox: state.outbox.map((entry) => entry.clientId),
    notices: state.notices?.rows.map((row) => [row.id, row.read_at]) ?? [],
  };
}

/** Reads every page of history from `state` on. */
function readAll(state: State, world: World): State {
  let next = state;
  for (const chat of Object.keys(next.chats)) {
    while ((next.logs[chat]?.from ?? 1) > 1) {
      const log = next.logs[chat];
      const before = log?.messages.length ? log.from : undefined;
      next = apply(next, { event: "local:page", data: { chat, page: world.page(chat, before, 7), before, doubt: log?.doubt } }, 0);
    }
  }
  return next;
}

function syncUp(state: State, world: World, random: Random): State {
  let next = state;
  for (;;) {
    const heads = Object.fromEntries(Object.entries(next.logs).map(([id, log]) => [id, log.head]));
    const place = next.place ?? { position: 0, marks: 0, epoch: "e1" };
    const answer = world.sync({ heads, ...place }, 1 + random.below(20));
    next = apply(next, { event: "local:sync", data: answer }, 0);
    if (!answer.more) break;
  }
  // What the attendant does: what went stale is read again.
  for (const chat of Object.values(next.chats)) {
    if (!(chat.id in next.stale) && chat.changedAt <= chat.infoAt) continue;
    next = apply(next, { event: "local:chat", data: { chat: world.chat(chat.id), asked: next.place?.position } }, 0);
  }
  if (!next.notices) next = apply(next, world.listNotices(next.place?.position), 0);
  for (const chat of Object.keys(next.chats).filter((id) => isDoubtful(next, id))) {
    next = apply(next, { event: "local:page", data: { chat, page: world.page(chat, undefined, 1_000), doubt: next.logs[chat]?.doubt } }, 0);
  }
  return next;
}

/** One thing happens on the server; nothing where the dice named something impossible. */
function happen(world: World, random: Random, chats: string[], step: number): ServerEvent[] {
  const chat = random.pick(chats);
  const room = world.rooms.get(chat);
  const isGroup = chat === "20";
  if (!room || !world.isMine(chat)) return isGroup ? world.gather(chat, random.chance(0.3)) : [world.open(chat, bob.id)];
  const visible = [...room.messages.values()].filter((m) => m.seq > room.start && !room.hidden.has(m.seq));
  const shown = visible.filter((m) => m.sender !== null);
  const alive = [...room.messages.values()].filter((m) => m.sender !== null && !m.deleted_at);
  const author = random.pick(Object.keys(room.marks));
  const own = alive.filter((m) => m.sender === author);
  const some = (event: ServerEvent | null): ServerEvent[] => (event ? [event] : []);
  switch (random.below(24)) {
    case 0:
      return own.length ? some(world.change(chat, random.pick(own).seq, "edited", author, `edited ${step}`)) : [];
    case 1:
      return own.length ? some(world.change(chat, random.pick(own).seq, "deleted", author, "")) : [];
    case 2:
      return alive.length ? some(world.change(chat, random.pick(alive).seq, "reacted", author, random.pick(["👍", "❤️"]))) : [];
    case 3:
      return visible.length ? [world.hide(chat, random.pick(visible).seq)] : [];
    case 4:
    case 5:
      return room.entries.length ? world.mark(chat, author, random.pick(["delivered", "seen"] as const), 1 + random.below(room.entries.length)) : [];
    case 6:
      if (world.hasContact(carol.id)) return [world.part(carol.id)];
      return world.mayAsk() ? [world.ask(`r${step}`)] : [];
    case 7: {
      const polls = alive.filter((m) => m.kind === "poll");
      return polls.length ? some(world.change(chat, random.pick(polls).seq, "voted", author, random.pick(["a", "b"]))) : [];
    }
    case 8:
      return [world.post(chat, author, "", { kind: "poll", content: { question: `${step}`, options: ["a", "b"], multiple: false, closes_at: null, votes: [] } })];
    case 9:
      return alive.length ? some(world.change(chat, random.pick(alive).seq, "pinned", author, "")) : [];
    case 10:
    case 11: {
      if (!shown.length) return [];
      const { seq, sender, kind } = random.pick(shown);
      return [world.post(chat, author, `reply ${step}`, { reply_to: { seq, sender, kind, text: "" } })];
    }
    case 12:
      return [world.post(chat, author, `@ ${step}`, { mentions: random.pick([[alice.id], ["all"], [bob.id]]) })];
    case 13:
      return [world.arrange(chat, random.pick([{ archived: true }, { archived: false }, { pinned: true }, { draft: `draft ${step}` }, { draft: null }]))];
    case 14:
      return random.chance(0.3) ? [world.clear(chat, !isGroup && random.chance(0.5))] : [];
    case 15:
      if (!isGroup) return [];
      return world.isIn(chat, bob.id) && random.chance(0.3) ? [world.expel(chat)] : world.swing(chat, random.pick([bob.id, carol.id, carol.id]));
    case 16:
      return isGroup ? world.rename(chat, `name ${step}`) : [];
    case 17:
      return [world.notify(bob.id)];
    case 18:
      return random.chance(0.5) ? [world.readNotices()] : world.withdrawNotice();
    case 19:
      return [world.call(random.pick([bob.id, carol.id]), `called ${step}`)];
    default:
      return [world.post(chat, author, `text ${step}`)];
  }
}

/** Comparing texts is quick; what differs is said in full. */
function same(shown: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(shown) !== JSON.stringify(wanted)) expect(shown, what).toEqual(wanted);
}

/** Something happens on the server and its news come in some way; then both clients are compared. */
export function holds(seed: number): void {
  const random = new Random(seed);
  const world = new World(new Set(random.chance(0.3) ? [carol.id] : []));
  const chats = ["10", "11", "20", "20"];
  world.open("10", bob.id);
  for (let step = 0; step < random.below(20); step++) happen(world, random, chats, step);
  let client = run(start, world.afresh());
  const late: StoreEvent[] = [];
  const asked: string[] = [];

  for (let step = 100; step < 160; step++) {
    for (const event of happen(world, random, chats, step)) {
      if (event.event === "connection:request") asked.push(event.data.request.id);
      if (random.chance(0.8)) late.push(event);
      if (random.chance(0.2)) late.push(event);
    }
    const request = asked.length && random.chance(0.3) ? asked.pop() : undefined;
    if (request && !world.hasContact(carol.id)) late.push(world.answer(request, random.pick(["accepted", "rejected"] as const)));
    // A message of mine: the reply may come, come late, or be lost.
    if (random.chance(0.15)) {
      const chat = random.pick([...world.rooms.keys()].filter((id) => world.isMine(id)));
      const clientId = `own${step}`;
      const pending = { ...blank, clientId, chat, text: clientId, createdAt: "2026-01-05T10:00:00.000Z", state: "queued", error: null } as const;
      client = run(client, { event: "local:queued", data: { pending } });
      world.post(chat, alice.id, clientId, { client_id: clientId });
      const sent = world.sent(chat, world.rooms.get(chat)?.entries.length ?? 0);
      if (random.chance(0.7)) late.push({ event: "local:sent", data: { sent } });
    }
    // A page of history is made now and comes later.
    const known = Object.keys(client.chats).filter((id) => world.isMine(id));
    if (random.chance(0.1) && known.length) {
      const chat = random.pick(known);
      const log = client.logs[chat];
      const before = log?.messages.length ? log.from : undefined;
      if (log && log.from > 1) late.push({ event: "local:page", data: { chat, page: world.page(chat, before, 5), before, asked: client.place?.position, doubt: log.doubt } });
    }
    if (random.chance(0.05) && known.length) late.push({ event: "local:chat", data: { chat: world.chat(random.pick(known)), asked: client.place?.position } });
    if (random.chance(0.05)) late.push(world.listNotices(client.place?.position));
    while (late.length && random.chance(0.6)) {
      const index = random.chance(0.7) ? 0 : random.below(late.length);
      client = run(client, ...late.splice(index, 1));
    }
    if (random.chance(0.05)) client = syncUp(client, world, random);
  }
  client = readAll(syncUp(client, world, random), world);
  // What the outbox does: a message without a reply is sent again, and the server knows it.
  for (const { clientId, chat } of client.outbox) {
    const seq = [...(world.rooms.get(chat)?.messages.values() ?? [])].find((m) => m.client_id === clientId)?.seq ?? 0;
    client = run(client, { event: "local:sent", data: { sent: world.sent(chat, seq, true) } });
  }
  // Repeats of anything at any later time change nothing, nor does what is read again because of them.
  if (late.length) {
    const caughtUp = picture(client);
    client = run(client, ...late);
    same(picture(client), caughtUp, `seed ${seed}, after repeats`);
  }
  client = readAll(syncUp(client, world, random), world);
  const begun = run(start, world.afresh());
  const fresh = readAll(run(begun, world.listNotices(begun.place?.position)), world);
  same(picture(client), picture(fresh), `seed ${seed}`);
  expect(hasGap(client), `seed ${seed}`).toBe(false);
}
