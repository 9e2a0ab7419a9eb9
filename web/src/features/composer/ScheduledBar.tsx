import { Clock } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { cancelScheduled, sendScheduled } from "@/api/messages";
import type { Id, Scheduled } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { locale } from "@/i18n/locale";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

const NONE: readonly Scheduled[] = [];

/** What I have written for later in this chat; nothing where there is nothing. */
export function ScheduledBar({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const rows = useStore((state) => state.scheduled[chat] ?? NONE);
  const isOnline = useStore((state) => state.connection === "online");
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (isOnline) void messenger.loadScheduled(chat).catch(() => undefined);
  }, [messenger, chat, isOnline]);
  if (rows.length === 0) return null;
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} className="flex min-h-10 w-full items-center gap-2.5 px-5 pt-1 text-start text-sm font-semibold text-accent-strong">
        <Clock aria-hidden className="size-4.5" />
        {t("composer.scheduled", { count: rows.length })}
      </button>
      {isOpen && (
        <Dialog title={t("composer.scheduledTitle")} closeLabel={t("common.close")} onClose={() => setOpen(false)}>
          <ul className="max-h-[60dvh] space-y-3 overflow-y-auto">
            {rows.map((row) => (
              <li key={row.id}>
                <Row row={row} />
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
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
      <p dir="auto" className="line-clamp-4 whitespace-pre-wrap">
        {row.text}
      </p>
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
