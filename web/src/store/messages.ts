/** A message in another state: what pushes leave out, because it differs by viewer, is kept or worked out. */

import type { Votes } from "@/api/content";
import type { Id, Message } from "@/api/types";
import { withKnownSizes } from "@/store/media";
import { higher } from "@/store/status";

/** What people have put on a message: the number, and the first five of them. */
interface Tally {
  count: number;
  users: Id[];
  mine?: boolean;
}

/**
 * The present state of a message over what is held of it. `mine`: the reaction that I have just put
 * on it, null: taken back; undefined: it was another change.
 */
export function overlay(held: Message, message: Message, me: Id | undefined, mine?: string | null): Message {
  const next: Message = { ...held, ...message };
  const status = higher(held.status, message.status);
  if (status !== undefined) next.status = status;
  if (message.reactions) {
    next.reactions = message.reactions.map((reaction) => {
      const before = held.reactions?.find((other) => other.emoji === reaction.emoji)?.mine ?? false;
      return withMine(reaction, me, mine === undefined ? before : mine === reaction.emoji);
    });
  }
  if (message.attachments) next.attachments = withKnownSizes(held.attachments, message.attachments);
  const votes = votesOf(message);
  if (votes && message.content) {
    const before = votesOf(held) ?? [];
    next.content = { ...message.content, votes: votes.map((vote, index) => withMine(vote, me, before[index]?.mine ?? false)) };
  }
  if (message.deleted_at && held.starred) next.starred = false;
  return next;
}

/** The names say it where all are named; else it is as far as it was known. */
function withMine<T extends Tally>(tally: T, me: Id | undefined, known: boolean): T {
  if (tally.mine !== undefined) return tally;
  const isNamed = me !== undefined && tally.users.includes(me);
  return { ...tally, mine: isNamed || (known && tally.users.length < tally.count) };
}

/** The same for a message seen here for the first time. */
export function withMyTallies(message: Message, me: Id | undefined): Message {
  const votes = votesOf(message);
  if (!message.reactions?.length && !votes) return message;
  return overlay(message, message, me);
}

function votesOf(message: Message): Votes[] | null {
  const votes = message.content?.["votes"];
  return message.kind === "poll" && Array.isArray(votes) ? (votes as Votes[]) : null;
}

/** A poll after my own vote, of which the server's answer tells more than the push. */
export function withMyVotes(message: Message, answer: Message): Message {
  const votes = votesOf(message);
  const answered = votesOf(answer);
  if (!votes || !answered || !message.content) return message;
  return { ...message, content: { ...message.content, votes: votes.map((vote, index) => ({ ...vote, mine: answered[index]?.mine ?? false })) } };
}

/** What remains of a message whose sender is gone. */
export function emptied(message: Message): Message {
  return {
    ...message,
    text: null,
    content: null,
    attachments: [],
    reply_to: null,
    mentions: [],
    reactions: [],
    preview: null,
    pinned: false,
    deleted_at: message.deleted_at ?? message.created_at,
  };
}
