import type { TFunction } from "i18next";

import { changeOf } from "@/api/content";
import type { Id, Message, Users } from "@/api/types";
import { locale } from "@/i18n/locale";
import { duration } from "@/lib/time";
import { nameOf } from "@/store/selectors";

/** What a system message tells, as a sentence; “you” stands for the reader. */
export function sentence(t: TFunction, message: Message, users: Users, me: Id | undefined): string {
  const change = changeOf(message);
  if (!change) return t("system.other");
  const called = (id: Id, you: string): string => (id === me ? you : nameOf(users[id]) || t("system.someone"));
  const by = change.by === null ? t("system.someone") : called(change.by, t("system.you"));
  const named = change.users.map((id) => called(id, t("system.youObject")));
  const list = new Intl.ListFormat(locale(), { type: "conjunction" }).format(named);
  const name = typeof change["name"] === "string" ? change["name"] : "";
  const isMe = change.users.length === 1 && change.users[0] === me;
  // Languages whose verbs differ have sentences of their own for what the reader did, and what was done to them.
  // `unknown`: English has none of them, so the types of its keys would refuse the names.
  const context: unknown = isMe ? "toYou" : change.by !== null && change.by === me ? "byYou" : "";
  const names = { by, users: list, name, context };
  switch (change.action) {
    case "created":
    case "added":
    case "removed":
    case "promoted":
    case "demoted":
    case "renamed":
    case "avatar":
    case "described":
    case "permissions":
    case "left":
      return t(`system.${change.action}`, names);
    case "joined":
      return t("system.joined", { ...names, users: isMe ? t("system.you") : list || by });
    case "owner":
      if (change.by !== null) return t("system.owner", names);
      return isMe ? t("system.ownerHeirYou") : t("system.ownerHeir", names);
    case "disappear": {
      const { seconds } = change;
      return typeof seconds === "number" ? t("system.disappearOn", { ...names, time: duration(seconds, locale()) }) : t("system.disappearOff", names);
    }
    default:
      return t("system.other");
  }
}
