import type { Medium } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import type { Pending } from "@/store/state";
import { Ring } from "@/ui/Ring";

/** How far the files of a message of mine have come, by their sizes; null when they are not on their way. */
function usePart(pending: Pending | null): number | null {
  const progress = useStore((state) => (pending ? state.progress : null));
  if (!pending || !progress || pending.state === "failed") return null;
  let all = 0;
  let there = 0;
  for (const { key, size, medium } of pending.files) {
    all += size;
    there += size * (medium ? 1 : (progress[key] ?? 0));
  }
  return all > 0 ? there / all : 0;
}

/** The ring of a message on its way, with the way to call it back. */
export function Sending({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const part = usePart(pending);
  if (part === null) return null;
  return (
    <Ring
      part={part}
      label={t("media.uploading", { percent: Math.round(part * 100) })}
      cancel={{ label: t("media.cancelUpload"), onCancel: () => messenger.outbox.discard(pending.clientId) }}
    />
  );
}

/** That the server still looks into a file; of mine it says how far it is. */
export function Processing({ medium }: { medium: Medium }) {
  const { t } = useTranslation();
  const part = useStore((state) => state.progress[medium.id] ?? null);
  return <Ring part={part || null} label={t("media.processing")} />;
}
