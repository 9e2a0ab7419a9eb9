import { useState } from "react";

import { cancelScheduled, sendScheduled } from "@/api/messages";
import type { Scheduled } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { isVisual } from "@/media/outgoing";
import { useMessenger } from "@/messenger/react";
import { KindIcon } from "@/parts/KindIcon";
import { filesName } from "@/parts/preview";
import { Thumbnail } from "@/parts/Thumbnail";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

/** What waits for its time in a chat; each can be sent at once, or taken back. */
export function ScheduledDialog({ rows, onClose }: { rows: readonly Scheduled[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("composer.scheduledTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <ul className="max-h-[60dvh] space-y-3 overflow-y-auto">
        {rows.map((row) => (
          <li key={row.id}>
            <Row row={row} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Row({ row }: { row: Scheduled }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const [isBusy, setBusy] = useState(false);

  async function act(doIt: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    await attempt(async () => {
      await doIt();
      await messenger.loadScheduled(row.chat);
    });
    setBusy(false);
  }

  return (
    <div className="rounded-2xl bg-sunken p-4">
      {row.attachments.length > 0 && <Files row={row} />}
      {row.text && (
        <p dir="auto" className="line-clamp-4 whitespace-pre-wrap">
          {row.text}
        </p>
      )}
      <p className={row.refused ? "mt-1 text-sm text-danger" : "mt-1 text-sm text-ink-2"}>
        {row.refused ? t("composer.scheduledRefused") : t("composer.scheduledAt", { when: moment(row.send_at, locale()) })}
      </p>
      <div className="mt-2 flex gap-2">
        <Button size="sm" isBusy={isBusy} onClick={() => void act(() => sendScheduled(row.chat, row.id))}>
          {t("composer.sendNow")}
        </Button>
        <Button size="sm" look="secondary" className="bg-surface!" disabled={isBusy} onClick={() => void act(() => cancelScheduled(row.chat, row.id))}>
          {t("composer.cancelScheduled")}
        </Button>
      </div>
    </div>
  );
}

/** What they are together, and how those look that can be seen. */
function Files({ row }: { row: Scheduled }) {
  const { t } = useTranslation();
  const seen = row.attachments.filter((medium) => isVisual(medium) && medium.url);
  return (
    <>
      {seen.length > 0 && (
        <ul className="mb-2 flex flex-wrap gap-1">
          {seen.map((medium) => (
            <li key={medium.id} className="size-14 overflow-hidden rounded-xl">
              <Thumbnail medium={medium} />
            </li>
          ))}
        </ul>
      )}
      <p className="truncate font-medium">
        <KindIcon kind={row.kind} />
        <bdi>{filesName(t, row.kind, row.attachments)}</bdi>
      </p>
    </>
  );
}
