import { FileText, FileX } from "lucide-react";

import type { Medium, Message } from "@/api/types";
import { rejection } from "@/features/conversation/media/rejection";
import { Processing, Sending } from "@/features/conversation/media/transfer";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { fileSize, suffix } from "@/lib/size";
import type { Pending } from "@/store/state";

interface Props {
  medium: Medium;
  message: Message | null;
  pending: Pending | null;
}

/** A file to be saved. */
export function FileRow({ medium, message, pending }: Props) {
  const { t } = useTranslation();
  const isRejected = medium.state === "rejected";
  const ending = suffix(medium.name);
  const size = fileSize(medium.size, locale());
  const Icon = isRejected ? FileX : FileText;
  const body = (
    <>
      {pending && pending.state !== "failed" ? (
        <Sending pending={pending} />
      ) : medium.state === "processing" && message ? (
        <Processing medium={medium} />
      ) : (
        <span aria-hidden className="flex size-12 shrink-0 items-center justify-center rounded-2xl bg-accent-soft text-accent-strong">
          <Icon className="size-6" />
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span dir="auto" className="line-clamp-2 font-semibold">
          {medium.name}
        </span>
        <span className="block text-sm text-ink-2">{isRejected ? rejection(t, medium) : ending ? t("media.size", { kind: ending, size }) : size}</span>
      </span>
    </>
  );
  const look = "flex w-72 max-w-full items-center gap-3 py-1.5 text-start";
  return medium.url ? (
    <a href={medium.url} download={medium.name} aria-label={t("media.download", { name: medium.name })} className={look}>
      {body}
    </a>
  ) : (
    <span className={look}>{body}</span>
  );
}
