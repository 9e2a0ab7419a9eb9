import { Clock } from "lucide-react";
import { useEffect, useState } from "react";

import type { Id, Scheduled } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Lazily, lazily } from "@/ui/Lazily";

const ScheduledDialog = lazily(() => import("@/features/composer/ScheduledDialog").then((m) => m.ScheduledDialog));

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
        <Lazily onClose={() => setOpen(false)}>
          <ScheduledDialog rows={rows} onClose={() => setOpen(false)} />
        </Lazily>
      )}
    </>
  );
}
