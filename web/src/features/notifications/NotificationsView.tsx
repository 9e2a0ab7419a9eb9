import { ArrowLeft, BellRing, Settings } from "lucide-react";
import { useEffect, useState } from "react";

import type { Notice } from "@/api/notifications";
import type { Id } from "@/api/types";
import { pathOf, sentenceOf } from "@/features/notifications/words";
import { useAttempt } from "@/i18n/attempt";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { go } from "@/lib/route";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { Button, IconButton } from "@/ui/Button";
import { SkeletonRows } from "@/ui/Skeleton";
import { classes } from "@/ui/classes";

/** What happened to me and is no message; seen here, it is read. */
export function NotificationsView() {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const notices = useStore((state) => state.notices);
  const isOnline = useStore((state) => state.connection === "online");
  const [isBusy, setBusy] = useState(false);
  const newest = notices?.rows.find((row) => row.read_at === null)?.id ?? null;
  // Those that were new when they were first seen stay marked while the list is open.
  const [fresh, setFresh] = useState<ReadonlySet<Id>>(new Set());
  const unread = notices?.rows.filter((row) => row.read_at === null && !fresh.has(row.id)) ?? [];
  if (unread.length > 0) setFresh(new Set([...fresh, ...unread.map((row) => row.id)]));

  useEffect(() => {
    if (newest !== null && isOnline) void messenger.notices.read().catch(() => undefined);
  }, [messenger, newest, isOnline]);

  async function more(): Promise<void> {
    setBusy(true);
    await attempt(() => messenger.notices.more());
    setBusy(false);
  }

  return (
    <section aria-label={t("notifications.title")} className="flex h-full flex-col">
      <header className="flex min-h-17 items-center gap-1 px-3 pt-2">
        <IconButton label={t("common.back")} onClick={() => go("/")}>
          <ArrowLeft aria-hidden className="size-5.5 rtl:-scale-x-100" />
        </IconButton>
        <h1 className="flex-1 text-2xl font-extrabold tracking-tight">{t("notifications.title")}</h1>
        <a
          href="#/settings/notifications"
          aria-label={t("notifications.settings")}
          title={t("notifications.settings")}
          className="inline-flex size-11 items-center justify-center rounded-full text-ink-2 transition hover:bg-sunken hover:text-ink"
        >
          <Settings aria-hidden className="size-5" />
        </a>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-4">
        {!notices && <SkeletonRows />}
        {notices?.rows.length === 0 && (
          <Blank icon={<BellRing className="size-9" />} title={t("notifications.emptyTitle")}>
            {t("notifications.emptyText")}
          </Blank>
        )}
        {notices && notices.rows.length > 0 && (
          <ul aria-label={t("notifications.list")}>
            {notices.rows.map((notice) => (
              <Row key={notice.id} notice={notice} isFresh={fresh.has(notice.id)} />
            ))}
          </ul>
        )}
        {notices?.next && (
          <div className="flex justify-center pt-3">
            <Button look="secondary" size="sm" isBusy={isBusy} onClick={() => void more()}>
              {t("notifications.more")}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

function Row({ notice, isFresh }: { notice: Notice; isFresh: boolean }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const text = useStore((state) => sentenceOf(t, state, notice));
  const path = useStore((state) => pathOf(state, notice));
  const user = useStore((state) => (notice.by ? state.users[notice.by] : undefined));
  const { chat, seq } = notice.data;

  function jump(): void {
    if (typeof chat === "string" && typeof seq === "number") messenger.store.dispatch({ event: "local:jump", data: { chat, seq } });
  }

  const inside = (
    <>
      <Avatar name={nameOf(user)} seed={notice.by ?? notice.id} url={user?.avatar_url} />
      <span className="min-w-0 flex-1">
        <span dir="auto" className={classes("block", isFresh && "font-semibold")}>
          {text}
        </span>
        <time dateTime={notice.created_at} className="block text-sm text-ink-2">
          {moment(notice.created_at, locale())}
        </time>
      </span>
      {isFresh && <span role="img" aria-label={t("notifications.new")} className="size-2.5 shrink-0 rounded-full bg-accent" />}
    </>
  );
  const look = classes("flex items-center gap-3 rounded-2xl px-3 py-2.5", isFresh && "bg-accent-soft");
  return (
    <li className="mx-2 my-0.5">
      {path === null ? (
        <div className={look}>{inside}</div>
      ) : (
        <a href={`#${path}`} onClick={jump} className={classes(look, "transition-colors hover:bg-sunken")}>
          {inside}
        </a>
      )}
    </li>
  );
}
