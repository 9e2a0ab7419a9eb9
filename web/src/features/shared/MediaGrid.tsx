import { Images } from "lucide-react";
import { useMemo, useState } from "react";

import type { Id, Medium, Message } from "@/api/types";
import { Months } from "@/features/shared/Months";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { countdown, moment } from "@/lib/time";
import { readyOf, useShared } from "@/parts/shared";
import { Thumbnail } from "@/parts/Thumbnail";
import { useStore } from "@/store/react";
import { titleOf } from "@/store/selectors";
import { Blank } from "@/ui/Blank";
import { Lazily, lazily } from "@/ui/Lazily";

const Viewer = lazily(() => import("@/parts/viewer/Viewer").then((m) => m.Viewer));

const GRID = "grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-0.5 px-0.5";

/** Pictures and films as small squares; one is opened on the whole screen, and from there its neighbours. */
export function MediaGrid({ chat, onShow }: { chat: Id; onShow: (seq: number) => void }) {
  const { t } = useTranslation();
  const shared = useShared(chat, "media");
  const { messages, more, isReading, error } = shared;
  const title = useStore((state) => (state.chats[chat] ? titleOf(state, state.chats[chat]) : ""));
  const [at, setAt] = useState<{ seq: number; medium: Id } | null>(null);
  const items = useMemo(() => (messages ?? []).flatMap((message) => readyOf(message).map((medium) => ({ message, medium }))), [messages]);
  const ascending = useMemo(() => [...(messages ?? [])].reverse(), [messages]);

  return (
    <>
      <Months
        shared={shared}
        items={items}
        skeleton={<SkeletonGrid />}
        blank={
          <Blank icon={<Images className="size-9" />} title={t("shared.noMedia")}>
            {t("shared.mediaHint")}
          </Blank>
        }
      >
        {(month) => (
          <ul className={GRID}>
            {month.map(({ message, medium }) => (
              <li key={`${message.seq} ${medium.id}`}>
                <Tile message={message} medium={medium} onOpen={() => setAt({ seq: message.seq, medium: medium.id })} />
              </li>
            ))}
          </ul>
        )}
      </Months>
      {/* A page that could not be read is asked for again by hand. */}
      {at && (
        <Lazily onClose={() => setAt(null)}>
          <Viewer title={title} messages={ascending} onMore={isReading || error ? undefined : (more ?? undefined)} at={at} onShow={onShow} onClose={() => setAt(null)} />
        </Lazily>
      )}
    </>
  );
}

function Tile({ message, medium, onOpen }: { message: Message; medium: Medium; onOpen: () => void }) {
  const { t } = useTranslation();
  const duration = medium.duration === null ? null : countdown(medium.duration);
  const what = medium.kind !== "video" ? t("media.openPhoto") : duration ? t("media.openVideo", { duration }) : t("media.openVideoUnknown");
  return (
    <button type="button" aria-label={`${what}, ${moment(message.created_at, locale())}`} onClick={onOpen} className="block w-full transition hover:brightness-90 focus-visible:outline-offset-[-3px]">
      <Thumbnail medium={medium} />
    </button>
  );
}

function SkeletonGrid() {
  return (
    <div aria-hidden className={`animate-shimmer pt-11 ${GRID}`}>
      {Array.from({ length: 12 }, (_, tile) => (
        <span key={tile} className="aspect-square bg-sunken" />
      ))}
    </div>
  );
}
