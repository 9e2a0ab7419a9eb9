import { describe, expect, it } from "vitest";

import { apply } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { emptyLog, emptyState, type State } from "@/store/state";
import { alice, aliceProfile, bob } from "@/test/people";

const place = { position: 0, marks: 0, epoch: "e1" };
const start: State = { ...emptyState, me: aliceProfile, place, users: { [alice.id]: alice, [bob.id]: bob } };

function run(state: State, ...events: StoreEvent[]): State {
  return events.reduce((next, event) => apply(next, event, 0), state);
}

/** Somebody is told to look and to be called otherwise. */
function told(user: typeof bob, changes: Partial<typeof bob>, position: number): StoreEvent {
  return { event: "user:updated", data: { user: user.id, users: { [user.id]: { ...user, ...changes } }, position } };
}

describe("a new name or picture", () => {
  it("shows in the order of the changes, whatever order their news come in", () => {
    const first = told(bob, { name: "Bobby" }, 1);
    const second = told(bob, { name: "Robert", avatar_url: "/media/9/avatar.webp" }, 2);
    for (const events of [[first, second], [second, first], [first, second, first]]) {
      expect(run(start, ...events).users[bob.id]).toMatchObject({ name: "Robert", avatar_url: "/media/9/avatar.webp" });
    }
  });

  it("is not undone by an answer that was asked for before", () => {
    const page = { results: [], has_more_before: false, has_more_after: false, users: { [bob.id]: bob } };
    const state: State = run({ ...start, logs: { "10": emptyLog(0) } }, told(bob, { name: "Robert" }, 1));
    const asked = (position: number): StoreEvent => ({ event: "local:page", data: { chat: "10", page, asked: position } });
    expect(run(state, asked(0)).users[bob.id]?.name).toBe("Robert");
    expect(run(state, asked(1)).users[bob.id]?.name).toBe(bob.name);
  });

  it("of my own comes from my other device, and is no word on a picture that others may not see", () => {
    const mine = { ...aliceProfile, avatar_url: "/media/1/avatar.webp" };
    const shown = run({ ...start, me: mine }, told(alice, { name: "Alice A.", avatar_url: "/media/2/avatar.webp" }, 1));
    expect(shown.me).toMatchObject({ name: "Alice A.", avatar_url: "/media/2/avatar.webp", email: aliceProfile.email });
    // Hidden by my other device: what this one knows of my privacy is old.
    const hidden = run({ ...start, me: mine }, told(alice, { name: "Alice A.", avatar_url: null }, 1));
    expect(hidden.me).toMatchObject({ name: "Alice A.", avatar_url: "/media/1/avatar.webp" });
  });

  it("of my own has my profile read again, by an answer that was asked for since", () => {
    const before = run(start, told(alice, { name: "Alice A." }, 1));
    expect(before.meStale).toBe(true);
    const answer = (name: string, held?: State["me"]): StoreEvent => ({ event: "local:me", data: { me: { ...aliceProfile, name }, ...(held === undefined ? {} : { held }) } });
    expect(run(before, answer("Alice", start.me))).toBe(before);
    // A sync answer tells only that there is news.
    const unnamed = run(start, { event: "user:updated", data: { user: alice.id, position: 1 } });
    expect(run(unnamed, answer("Alice", start.me))).toBe(unnamed);
    expect(unnamed.meStale).toBe(true);
    expect(run(before, answer("Alice B.", before.me))).toMatchObject({ meStale: false, me: { name: "Alice B." } });
    // What I have just changed here says nothing of the rest, and is newer than an answer under way.
    const changed = run(before, answer("Alice C."));
    expect(changed).toMatchObject({ meStale: true, me: { name: "Alice C." } });
    expect(run(changed, answer("Alice A.", before.me))).toBe(changed);
  });
});
