import { FileText, Image, Music } from "lucide-react";
import { useMemo } from "react";

import type { Id, Medium, Message } from "@/api/types";
import { Months } from "@/features/shared/Months";
import { Row, useSender } from "@/features/shared/Row";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { fileSize, suffix } from "@/lib/size";
import { listTime } from "@/lib/time";
import { readyOf, useShared } from "@/parts/shared";
import { Blank } from "@/ui/Blank";
import { SkeletonRows } from "@/ui/Skeleton";

const ICONS = { image: Image, video: Image, audio: Music, voice: Music, file: FileText } as const;

/** Files and audio; a click saves one. */
export function FileList({ chat, onShow }: { chat: Id; onShow: (seq: number) => void }) {
  const { t } = useTranslation();
  const shared = useShared(chat, "files");
  const items = useMemo(() => (shared.messages ?? []).flatMap((message) => readyOf(message).map((medium) => ({ message, medium }))), [shared.messages]);
  return (
    <Months
      shared={shared}
      items={items}
      skeleton={<SkeletonRows rows={5} />}
      blank={
        <Blank icon={<FileText className="size-9" />} title={t("shared.noFiles")}>
          {t("shared.filesHint")}
        </Blank>
      }
    >
      {(month) => (
        <ul>
          {month.map(({ message, medium }) => (
            <li key={`${message.seq} ${medium.id}`}>
              <File message={message} medium={medium} onShow={() => onShow(message.seq)} />
            </li>
          ))}
        </ul>
      )}
    </Months>
  );
}

function File({ message, medium, onShow }: { message: Message; medium: Medium; onShow: () => void }) {
  const { t } = useTranslation();
  const sender = useSender(message);
  const Icon = ICONS[medium.kind];
  const ending = suffix(medium.name);
  const icon = (
    <>
      <Icon className="size-5.5" />
      {ending && <span className="text-[0.6rem] leading-none font-bold">{ending}</span>}
    </>
  );
  return (
    <Row icon={icon} onShow={onShow} href={medium.url ?? undefined} download={medium.name} aria-label={t("media.download", { name: medium.name })}>
      <span dir="auto" className="line-clamp-2 font-semibold wrap-anywhere">
        {medium.name}
      </span>
      <span className="flex gap-1.5 text-sm text-ink-2">
        <span className="shrink-0">{fileSize(medium.size, locale())}</span>·
        <bdi className="truncate">{sender}</bdi>·
        <time dateTime={message.created_at} className="shrink-0">
          {listTime(message.created_at, locale())}
        </time>
      </span>
    </Row>
  );
}
