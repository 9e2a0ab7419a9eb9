/** People called by name in a text: "@username", and "@all" for everyone in a group. */

import type { Id, User } from "@/api/types";
import type { State } from "@/store/state";

const MENTION = /(^|[^\p{L}\p{N}_@])@([a-z0-9_.]{2,32})/giu;

export interface MentionPart {
  text: string;
  /** Whom it calls: an id, "all", or null for plain text. */
  of: Id | null;
}

/** Whom a text calls in a group: its members by username, or "all". */
export function mentionsIn(state: State, chat: Id, text: string): Id[] {
  if (state.chats[chat]?.kind !== "group") return [];
  const members = new Map((state.members[chat]?.rows ?? []).map(({ user }) => [state.users[user]?.username.toLowerCase(), user]));
  const found = new Set<Id>();
  for (const [, , name = ""] of text.matchAll(MENTION)) {
    const id = nameable(name).map((one) => (one === "all" ? "all" : members.get(one))).find(Boolean);
    if (id) found.add(id);
  }
  found.delete(state.me?.id ?? "");
  return [...found];
}

/** A name may end in a dot that belongs to the sentence. */
function nameable(name: string): string[] {
  const lower = name.toLowerCase();
  const bare = lower.replace(/\.+$/, "");
  return bare === lower ? [lower] : [lower, bare];
}

/** Cuts a text where it calls one of some people. Joined again, the parts are the text exactly. */
export function mentionParts(text: string, mentions: readonly Id[], users: Readonly<Record<Id, User>>): MentionPart[] {
  if (mentions.length === 0) return [{ text, of: null }];
  const byName = new Map(mentions.map((id) => [id === "all" ? "all" : users[id]?.username.toLowerCase(), id]));
  const parts: MentionPart[] = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    const [, before = "", name = ""] = match;
    const called = nameable(name).find((one) => byName.has(one));
    if (!called) continue;
    const start = match.index + before.length;
    if (start > end) parts.push({ text: text.slice(end, start), of: null });
    end = start + 1 + called.length;
    parts.push({ text: text.slice(start, end), of: byName.get(called) ?? null });
  }
  if (end < text.length) parts.push({ text: text.slice(end), of: null });
  return parts;
}
