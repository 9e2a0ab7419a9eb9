import { describe, expect, it, vi } from "vitest";

import { rowsOf } from "@/features/conversation/rows";
import { alice, bob, message } from "@/test/people";

const at = (day: number, hour: number, minute: number): { created_at: string } => ({ created_at: new Date(2026, 0, day, hour, minute).toISOString() });

describe("rows", () => {
  it("begin a day, make runs by one person, and break at a pause", () => {
    const rows = rowsOf(
      [
        message(1, bob, "a", at(5, 23, 58)),
        message(2, bob, "b", at(5, 23, 59)),
        message(3, bob, "c", at(6, 0, 1)),
        message(4, bob, "d", at(6, 0, 30)),
        message(5, alice, "e", at(6, 0, 31)),
      ],
      [],
      alice.id,
      null,
    );
    expect(rows.map((row) => [row.day !== null, row.isFirst, row.isLast])).toEqual([
      [true, true, false],
      [false, false, true],
      [true, true, true],
      [false, true, true],
      [false, true, true],
    ]);
  });

  it("put the line before the first unread of another", () => {
    const messages = [message(1, bob, "old"), message(2, alice, "mine"), message(3, bob, "new"), message(4, bob, "newer")];
    expect(rowsOf(messages, [], alice.id, 1).map((row) => row.isDivider)).toEqual([false, false, true, false]);
  });

  it("stay the same objects when a message is added, but for the last", () => {
    const messages = [message(1, bob, "a"), message(2, bob, "b"), message(3, bob, "c")];
    const before = rowsOf(messages, [], alice.id, null);
    const after = rowsOf([...messages, message(4, bob, "d")], [], alice.id, null);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
  });

  it("do not show what has disappeared", () => {
    const gone = message(1, bob, "gone", { expires_at: "2026-01-01T00:00:00.000Z" });
    expect(rowsOf([gone, message(2, bob, "here")], [], alice.id, null).map((row) => row.seq)).toEqual([2]);
  });

  it("are as if made at once, whatever was added, changed or taken away before", () => {
    const added = [message(1, bob, "a"), message(2, bob, "b"), message(3, bob, "c"), message(4, alice, "d"), message(5, alice, "e")];
    const edited = added.map((one) => (one.seq === 2 ? { ...one, text: "edited" } : one));
    const steps = [added.slice(0, 1), added.slice(0, 2), added.slice(1, 3), added.slice(0, 4), added, edited, edited.slice(0, 3), [...edited.slice(0, 2), ...edited.slice(3)], []];
    for (const divider of [null, 1]) {
      for (const messages of steps) {
        const rows = rowsOf(messages, [], alice.id, divider);
        rowsOf([message(9, bob, "of another chat")], [], alice.id, divider);
        expect(rows).toEqual(rowsOf(structuredClone(messages), [], alice.id, divider));
        rowsOf(messages, [], alice.id, divider);
      }
    }
  });

  it("go when their time comes, also among rows that did not change", () => {
    vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00.000Z") });
    const messages = [message(1, bob, "a", { expires_at: "2026-01-01T00:00:05.000Z" }), message(2, bob, "b"), message(3, bob, "c")];
    expect(rowsOf(messages, [], alice.id, null)).toHaveLength(3);
    vi.advanceTimersByTime(5_000);
    expect(rowsOf(messages, [], alice.id, null)).toHaveLength(2);
    expect(rowsOf([...messages], [], alice.id, null)).toHaveLength(2);
    vi.useRealTimers();
  });
});
