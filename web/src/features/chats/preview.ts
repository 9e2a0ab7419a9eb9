import type { TFunction } from "i18next";

import type { Message } from "@/api/types";
import type { en } from "@/i18n/en";

type Kind = keyof typeof en.preview;

const kinds: ReadonlySet<string> = new Set<Kind>(["image", "video", "audio", "voice", "file", "location", "contact", "poll", "call", "system"]);

/** A message in one line: its text, or what kind of thing it is. */
export function previewOf(t: TFunction, message: Message): string {
  if (message.deleted_at) return t("chats.deleted");
  const text = message.text?.replace(/\s+/g, " ").trim();
  if (text) return text;
  return t(`preview.${kinds.has(message.kind) ? (message.kind as Kind) : "other"}`);
}
