import { ImagePlus, PenLine, Plus, Rss } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { Id } from "@/api/types";
import { Composer } from "@/features/statuses/Composer";
import { Ring } from "@/features/statuses/Ring";
import { Viewer } from "@/features/statuses/Viewer";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { go, statusPath } from "@/lib/route";
import { moment } from "@/lib/time";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { statusFeed, type StatusRow } from "@/store/statuses";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { IconButton } from "@/ui/Button";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";

/** What one's contacts show, and what one shows oneself. `open`: whose is on the screen. */
export function StatusesView({ open }: { open: Id | null }) {
  const { t } = useTranslation();
  const mode = useStore((state) => state.statuses.mode);
  const feed = useStore(statusFeed);
  const me = useStore((state) => state.me);
  /** Null: nothing is made; else a text, or this file. */
  const [making, setMaking] = useState<{ file: File | null } | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const order = useOrder(open, feed.recent, feed.viewed);

  if (mode === "off" || mode === "none") {
    return (
      <section aria-label={t("statuses.title")} className="flex h-full flex-col">
        <Title />
        <Blank
          icon={<Rss className="size-9" />}
          title={t("statuses.offTitle")}
          action={
            mode === "off" && <a href="#/settings/privacy" className="inline-flex min-h-12 items-center rounded-full bg-sunken px-6 font-semibold hover:bg-line">
              {t("statuses.offLink")}
            </a>
          }
        >
          {t(mode === "off" ? "statuses.offText" : "statuses.noneText")}
        </Blank>
      </section>
    );
  }
  const write = (): void => setMaking({ file: null });
  const isEmpty = feed.recent.length === 0 && feed.viewed.length === 0;
  return (
    <section aria-label={t("statuses.title")} className="flex h-full flex-col">
      <Title>
        <IconButton label={t("statuses.addText")} onClick={write}>
          <PenLine aria-hidden className="size-5.5" />
        </IconButton>
        <IconButton label={t("statuses.addMedia")} onClick={() => picker.current?.click()}>
          <ImagePlus aria-hidden className="size-5.5" />
        </IconButton>
        <input
          ref={picker}
          type="file"
          hidden
          accept="image/*,video/*"
          aria-label={t("statuses.addMedia")}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) setMaking({ file });
          }}
        />
      </Title>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {feed.mine ? (
          <ul>
            <Row row={feed.mine} name={t("statuses.mine")} />
          </ul>
        ) : (
          <button type="button" onClick={write} className="flex w-full items-center gap-3 rounded-2xl px-2 py-2 text-start transition-colors hover:bg-sunken">
            <span className="relative flex size-15 items-center justify-center">
              <Avatar name={nameOf(me ?? undefined)} seed={me?.id ?? ""} url={me?.avatar_url} />
              <span aria-hidden className="absolute end-0.5 bottom-0.5 flex size-5.5 items-center justify-center rounded-full border-2 border-surface bg-accent text-on-accent">
                <Plus className="size-3.5" strokeWidth={3} />
              </span>
            </span>
            <span className="min-w-0">
              <span className="block font-semibold">{t("statuses.mine")}</span>
              <span className="block text-sm text-ink-2">{t("statuses.mineHint")}</span>
            </span>
          </button>
        )}
        {mode === null && isEmpty && <SkeletonRows rows={3} />}
        {mode === "on" && isEmpty && (
          <Blank icon={<Rss className="size-9" />} title={t("statuses.emptyTitle")}>
            {t("statuses.emptyText")}
          </Blank>
        )}
        <Rows title={t("statuses.recent")} rows={feed.recent} />
        <Rows title={t("statuses.viewed")} rows={feed.viewed} />
      </div>
      {open !== null && <Viewer user={open} order={order} onGo={(user) => go(statusPath(user), true)} onClose={() => go("/statuses", true)} />}
      {making && <Composer file={making.file} onClose={() => setMaking(null)} />}
    </section>
  );
}

function Title({ children }: { children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <header className="flex min-h-17 items-center gap-1 px-5 pt-2">
      <h1 className="flex-1 text-2xl font-extrabold tracking-tight">{t("statuses.title")}</h1>
      {children}
    </header>
  );
}

/** Who follows whom, as the list was when the first was opened: looking at them moves them in it. */
function useOrder(open: Id | null, recent: readonly StatusRow[], viewed: readonly StatusRow[]): readonly Id[] {
  const [order, setOrder] = useState<readonly Id[] | null>(null);
  const isOpen = open !== null;
  if (isOpen && order === null) {
    const among = [recent, viewed].find((rows) => rows.some((row) => row.user === open));
    setOrder(among?.map((row) => row.user) ?? [open]);
  }
  useEffect(() => {
    if (!isOpen) return;
    return () => setOrder(null);
  }, [isOpen]);
  return order ?? [];
}

function Rows({ title, rows }: { title: string; rows: readonly StatusRow[] }) {
  if (rows.length === 0) return null;
  return (
    <>
      <h2 className="px-3 pt-5 pb-1 text-sm font-bold text-ink-2">{title}</h2>
      <ul aria-label={title}>
        {rows.map((row) => (
          <Row key={row.user} row={row} />
        ))}
      </ul>
    </>
  );
}

function Row({ row, name }: { row: StatusRow; name?: string }) {
  const { t } = useTranslation();
  const user = useStore((state) => state.users[row.user]);
  const last = row.statuses.at(-1);
  const when = last ? moment(last.created_at, locale()) : "";
  return (
    <li>
      <a href={`#${statusPath(row.user)}`} className="flex items-center gap-3 rounded-2xl px-2 py-2 transition-colors hover:bg-sunken">
        <Ring name={nameOf(user)} seed={row.user} url={user?.avatar_url} statuses={row.statuses} />
        <span className="min-w-0 flex-1">
          <Name className="font-semibold">{name ?? nameOf(user)}</Name>
          <span className="block truncate text-sm text-ink-2">{when}</span>
        </span>
        {row.unseen > 0 && <span className="shrink-0 rounded-full bg-accent-soft px-2.5 py-1 text-xs font-bold text-accent-strong">{t("statuses.unseen", { count: row.unseen })}</span>}
      </a>
    </li>
  );
}
