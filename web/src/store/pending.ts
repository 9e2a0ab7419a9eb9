/** My messages on their way, as the state has them. */

import { pollOf } from "@/api/content";
import type { Message } from "@/api/types";
import type { Sent } from "@/socket/protocol";
import { messageAt } from "@/store/log";
import { mediumOf } from "@/store/media";
import type { Pending, State } from "@/store/state";

const QUOTE_CHARS = 200;

export function changePending(state: State, clientId: string, changes: Partial<Pending>): State {
  return { ...state, outbox: state.outbox.map((entry) => (entry.clientId === clientId ? { ...entry, ...changes } : entry)) };
}

/** Files that the server has not, or cannot use, are brought again. */
const BRING_AGAIN = new Set(["media_not_found", "media_rejected"]);

/** A message that was refused is sent once more. */
export function retryPending(state: State, clientId: string): State {
  const entry = state.outbox.find((pending) => pending.clientId === clientId);
  const isLost = BRING_AGAIN.has(entry?.error ?? "");
  const files = isLost ? { files: entry?.files.map((file) => ({ ...file, address: null, medium: null })) ?? [] } : {};
  return changePending(state, clientId, { state: "queued", error: null, ...files });
}

/** A message of mine has come back: what waited for it in the outbox is done. */
export function settle(state: State, message: Message): State {
  if (message.sender !== state.me?.id || !message.client_id) return state;
  const outbox = state.outbox.filter((entry) => entry.clientId !== message.client_id);
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** The message that the server has made of what was sent: this socket gets no push of it. */
export function messageOf(state: State, entry: Pending, sent: Sent): Message {
  const { disappear_after: life } = state.chats[sent.chat] ?? {};
  const message: Message = {
    id: sent.id,
    chat: sent.chat,
    seq: sent.seq,
    client_id: sent.client_id,
    sender: state.me?.id ?? null,
    kind: entry.kind,
    text: entry.text,
    content: entry.content,
    attachments: entry.files.map(mediumOf),
    reply_to: quoteOf(state, entry),
    forwarded: false,
    mentions: [...entry.mentions],
    reactions: [],
    preview: null,
    pinned: false,
    starred: false,
    status: "sent",
    edited_at: null,
    deleted_at: null,
    expires_at: life ? new Date(Date.parse(sent.created_at) + life * 1_000).toISOString() : null,
    created_at: sent.created_at,
  };
  const poll = pollOf(message);
  return poll ? { ...message, content: { ...entry.content, votes: poll.options.map(() => ({ count: 0, users: [], mine: false })) } } : message;
}

function quoteOf(state: State, entry: Pending): Message["reply_to"] {
  const replied = entry.replyTo === null ? null : messageAt(state.logs[entry.chat], entry.replyTo);
  if (!replied) return null;
  const text = replied.deleted_at ? null : (replied.text ?? "").slice(0, QUOTE_CHARS);
  return { seq: replied.seq, sender: replied.sender, kind: replied.kind, text };
}
