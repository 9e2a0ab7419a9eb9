import type { TFunction } from "i18next";

import type { Notice } from "@/api/notifications";
import { chatPath } from "@/lib/route";
import { nameOf, peerOf, titleOf } from "@/store/selectors";
import type { State } from "@/store/state";

/** What a notification says. */
export function sentenceOf(t: TFunction, state: State, notice: Notice): string {
  const name = notice.by ? nameOf(state.users[notice.by]) || t("notifications.someone") : t("notifications.someone");
  const held = state.chats[String(notice.data["chat"])];
  const chat = held ? titleOf(state, held) : t("notifications.aGroup");
  switch (notice.kind) {
    case "connection_request":
    case "connection_accepted":
    case "join_request":
    case "join_approved":
    case "join_rejected":
      return t(`notifications.kinds.${notice.kind}`, { name, chat });
    case "reaction":
      return t(held?.kind === "group" ? "notifications.kinds.reaction" : "notifications.kinds.reactionDirect", { name, chat });
    default:
      return t("notifications.kinds.other", { kind: notice.kind.replaceAll("_", " ") });
  }
}

/** Where a notification leads; null: nowhere any more. */
export function pathOf(state: State, notice: Notice): string | null {
  if (notice.kind === "connection_request") return "/people";
  if (notice.kind === "connection_accepted") {
    const direct = Object.values(state.chats).find((chat) => peerOf(chat) === notice.by);
    return direct ? chatPath(direct.id) : "/people";
  }
  const chat = String(notice.data["chat"]);
  if (!(chat in state.chats)) return null;
  return chatPath(chat, notice.kind === "join_request" ? "info" : undefined);
}
