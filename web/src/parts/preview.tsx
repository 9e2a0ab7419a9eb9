import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { callOf, contactOf, placeOf, pollOf } from "@/api/content";
import type { Message } from "@/api/types";
import type { en } from "@/i18n/en";
import { callName } from "@/parts/callwords";
import { sentence } from "@/parts/sentence";
import { useStore } from "@/store/react";

type Kind = keyof typeof en.preview;

const kinds: ReadonlySet<string> = new Set<Kind>(["image", "video", "audio", "voice", "file", "location", "contact", "poll", "call", "system"]);

/** What kind of thing a message is, in a word. */
export function kindName(t: TFunction, kind: string): string {
  return t(`preview.${kinds.has(kind) ? (kind as Kind) : "other"}`);
}

/** A message in one line: its text, or what kind of thing it is. */
export function previewOf(t: TFunction, message: Message): string {
  if (message.deleted_at) return t("chats.deleted");
  const detail = pollOf(message)?.question ?? placeOf(message)?.name ?? contactOf(message)?.name;
  if (detail) return `${kindName(t, message.kind)}: ${detail}`;
  const text = message.text?.replace(/\s+/g, " ").trim();
  return text || kindName(t, message.kind);
}

/** The same, where system messages may be among them. */
export function Preview({ message }: { message: Message }) {
  const { t } = useTranslation();
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.me?.id);
  const call = callOf(message);
  if (call) return callName(t, call, message.sender === me);
  return message.kind === "system" ? sentence(t, message, users, me) : previewOf(t, message);
}
