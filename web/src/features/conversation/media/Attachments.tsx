import { FileX } from "lucide-react";

import type { Medium, Message } from "@/api/types";
import { isVisual } from "@/features/conversation/media/box";
import { FileRow } from "@/features/conversation/media/FileRow";
import { Pictures } from "@/features/conversation/media/Pictures";
import { Sound } from "@/features/conversation/media/Sound";
import { useTranslation } from "@/i18n/react";
import type { Pending } from "@/store/state";

const KINDS = new Set(["image", "video", "audio", "voice", "file"]);

/** Whether a message is made of files. */
export function hasFiles(kind: string): boolean {
  return KINDS.has(kind);
}

export interface AttachedProps {
  message: Message | null;
  pending: Pending | null;
  media: readonly Medium[];
}

/** The files of a message, by its kind. */
export function Attachments({ kind, ...files }: AttachedProps & { kind: string }) {
  const { t } = useTranslation();
  const { message, pending, media } = files;
  if (media.length === 0) {
    // They have gone with the account of whoever they belonged to.
    return (
      <span className="flex items-center gap-2 py-1 text-ink-2 italic">
        <FileX aria-hidden className="size-5 shrink-0" />
        {t("media.gone")}
      </span>
    );
  }
  if (isVisual(kind)) return <Pictures {...files} />;
  return media.map((medium, index) =>
    medium.kind === "voice" || (medium.kind === "audio" && kind !== "file") ? (
      <Sound key={index} medium={medium} message={message} pending={pending} />
    ) : (
      <FileRow key={index} medium={medium} message={message} pending={pending} />
    ),
  );
}
