import type { TFunction } from "i18next";

import type { Chat } from "@/api/types";
import { nameOf, typingIn } from "@/store/selectors";
import type { State } from "@/store/state";

/** Who types in a chat, as a sentence; empty where nobody does. In a direct chat it is clear who. */
export function typingText(t: TFunction, state: State, chat: Chat): string {
  const who = typingIn(state, chat.id);
  const [first, second] = who.map((id) => nameOf(state.users[id]) || t("system.someone"));
  if (!first) return "";
  if (chat.kind === "direct") {
    const kind = Object.values(state.typing[chat.id] ?? {})[0]?.kind;
    return t(kind === "voice" ? "conversation.recording" : "conversation.typing");
  }
  if (who.length > 2) return t("chats.typingMany");
  return second ? t("chats.typingNames", { first, second }) : t("chats.typingName", { name: first });
}
