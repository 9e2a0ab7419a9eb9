import type { Id, Reaction } from "@/api/types";

/** One choice a person: another takes the place of the one before. */
export function tallied(before: Reaction[], emoji: string, by: Id): Reaction[] {
  const all = [...before.filter((one) => one.emoji !== emoji), { ...(before.find((one) => one.emoji === emoji) ?? { emoji, count: 0, users: [] }) }];
  return all
    .map((one) => {
      const others = one.users.filter((user) => user !== by);
      const users = one.emoji === emoji ? [...others, by] : others;
      return { emoji: one.emoji, count: users.length, users };
    })
    .filter((one) => one.count > 0);
}
