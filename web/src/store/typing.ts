import type { Id } from "@/api/types";
import { without, type State, type Typing } from "@/store/state";

/** A sign of typing is renewed every 3 s; without renewal it is over after this. */
const TYPING_MS = 6_000;

/** Someone began or stopped typing. */
export function setTyping(
  state: State,
  data: { chat: Id; user: Id; typing: boolean; kind?: "text" | "voice" },
  now: number,
): State {
  if (!data.typing) return stopTyping(state, data.chat, data.user);
  const typing: Typing = { kind: data.kind ?? "text", until: now + TYPING_MS };
  return { ...state, typing: { ...state.typing, [data.chat]: { ...state.typing[data.chat], [data.user]: typing } } };
}

/** Someone stopped, or what they typed has come. */
export function stopTyping(state: State, chat: Id, user: Id): State {
  const inChat = state.typing[chat];
  if (!inChat || !(user in inChat)) return state;
  const rest = without(inChat, user);
  const typing = Object.keys(rest).length > 0 ? { ...state.typing, [chat]: rest } : without(state.typing, chat);
  return { ...state, typing };
}

/** Signs of typing that were not renewed are over. */
export function expireTyping(state: State, now: number): State {
  let next = state;
  for (const [chat, people] of Object.entries(state.typing)) {
    for (const [user, typing] of Object.entries(people)) {
      if (typing.until <= now) next = stopTyping(next, chat, user);
    }
  }
  return next;
}
