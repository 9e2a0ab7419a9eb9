/** What is being written: the draft here, the one that my other devices know, and what it answers. */

import type { Chat, Id } from "@/api/types";
import { without, type Composing, type State } from "@/store/state";

/** What I write in a chat on this device. */
export function setDraft(state: State, chat: Id, text: string): State {
  return { ...state, drafts: text ? { ...state.drafts, [chat]: text } : without(state.drafts, chat) };
}

/** The draft that another device has stored is shown, unless something else is being written here. */
export function followDraft(state: State, before: Chat | null, after: Chat): State {
  const known = before?.me.draft ?? "";
  const stored = after.me.draft ?? "";
  const here = state.drafts[after.id] ?? "";
  const isOwn = stored === state.toldDrafts[after.id];
  return stored === known || here !== known || isOwn ? state : setDraft(state, after.id, stored);
}

/** What comes back of this draft was written here. */
export function tellDraft(state: State, chat: Id, text: string): State {
  return { ...state, toldDrafts: { ...state.toldDrafts, [chat]: text } };
}

/** The next text answers a message, or replaces one of mine; null: it does neither. */
export function compose(state: State, chat: Id, composing: Composing | null): State {
  return { ...state, composing: composing ? { ...state.composing, [chat]: composing } : without(state.composing, chat) };
}
