import type { TFunction } from "i18next";

import { callOf, contactOf, placeOf, pollOf } from "@/api/content";
import type { Medium, Message } from "@/api/types";
import type { en } from "@/i18n/en";
import { useTranslation } from "@/i18n/react";
import { countdown } from "@/lib/time";
import { callName } from "@/parts/callwords";
import { KindIcon } from "@/parts/KindIcon";
import { sentence } from "@/parts/sentence";
import { useStore } from "@/store/react";

type Kind = keyof typeof en.preview;

const kinds: ReadonlySet<string> = new Set<Kind>(["image", "video", "audio", "voice", "file", "location", "contact", "poll", "call", "system"]);

/** What kind of thing a message is, in a word. */
export function kindName(t: TFunction, kind: string): string {
  return t(`preview.${kinds.has(kind) ? (kind as Kind) : "other"}`);
}

/** What the files of a message are called together: "3 photos", "Voice message 0:12", the name of the only file. */
export function filesName(t: TFunction, kind: string, media: readonly Medium[]): string {
  const [first] = media;
  const count = media.length;
  if (!first || !["image", "video", "audio", "voice", "file"].includes(kind)) return kindName(t, kind);
  if (count === 1) {
    if (kind === "file" || kind === "audio") return first.name;
    const isTimed = (kind === "voice" || kind === "video") && first.duration !== null;
    return isTimed ? `${kindName(t, kind)} ${countdown(first.duration ?? 0)}` : kindName(t, kind);
  }
  if (kind === "image" || kind === "video") {
    if (media.every((medium) => medium.kind === "image")) return t("media.photos", { count });
    return media.every((medium) => medium.kind === "video") ? t("media.videos", { count }) : t("media.items", { count });
  }
  return t("media.files", { count });
}

/** A message in one line: its text, or what kind of thing it is. */
export function previewOf(t: TFunction, message: Message): string {
  if (message.deleted_at) return t("chats.deleted");
  const detail = pollOf(message)?.question ?? placeOf(message)?.name ?? contactOf(message)?.name;
  if (detail) return `${kindName(t, message.kind)}: ${detail}`;
  const text = message.text?.replace(/\s+/g, " ").trim();
  return text || filesName(t, message.kind, message.attachments ?? []);
}

/** The same with a sign of its kind, where system messages may be among them. */
export function Preview({ message }: { message: Message }) {
  const { t } = useTranslation();
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.me?.id);
  const call = callOf(message);
  if (call) return callName(t, call, message.sender === me);
  if (message.kind === "system") return sentence(t, message, users, me);
  return (
    <>
      {!message.deleted_at && <KindIcon kind={message.kind} />}
      {previewOf(t, message)}
    </>
  );
}
