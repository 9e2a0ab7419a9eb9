import { memo, useCallback } from "react";
import { useTranslation } from "react-i18next";

import type { Id } from "@/api/types";
import { previewOf } from "@/features/chats/preview";
import { locale } from "@/i18n/locale";
import { listTime } from "@/lib/time";
import { nameOf, peerOf, pendingOf, statusOf, titleOf, typingIn } from "@/store/selectors";
import { shallowEqual, useStore } from "@/store/react";
import type { State } from "@/store/state";
import { Avatar } from "@/ui/Avatar";
import { Ticks, type TickKind } from "@/ui/Ticks";
import { classes } from "@/ui/classes";

/** All that a row shows, flat, so that it renders again only when one of these differs. */
function rowOf(state: State, id: Id) {
  const chat = state.chats[id];
  if (!chat) return null;
  const peer = peerOf(chat);
  const pending = pendingOf(state, id).at(-1) ?? null;
  const last = chat.last_message;
  const tick: TickKind | null = pending ? (pending.state === "queued" ? "sending" : pending.state) : last && statusOf(state, last);
  return {
    title: titleOf(state, chat),
    seed: peer ?? id,
    avatar: peer ? (state.users[peer]?.avatar_url ?? null) : chat.avatar_url,
    isOnline: state.connection === "online" && peer !== null && state.presence[peer]?.online === true,
    isTyping: typingIn(state, id).length > 0,
    draft: state.drafts[id] ?? "",
    pendingText: pending?.text ?? null,
    last,
    sender: chat.kind === "group" && last?.sender && last.sender !== state.me?.id ? nameOf(state.users[last.sender]) : "",
    tick: last?.deleted_at && !pending ? null : tick,
    at: pending?.createdAt ?? last?.created_at ?? chat.created_at,
    unread: chat.unread,
  };
}

export const ChatRow = memo(function ChatRow({ id, isOpen }: { id: Id; isOpen: boolean }) {
  const { t } = useTranslation();
  const row = useStore(
    useCallback((state: State) => rowOf(state, id), [id]),
    (a, b) => a === b || (a !== null && b !== null && shallowEqual(a, b)),
  );
  if (!row) return null;
  return (
    <a
      href={`#/chats/${encodeURIComponent(id)}`}
      aria-current={isOpen ? "page" : undefined}
      className={classes(
        "mx-2 flex items-center gap-3 rounded-2xl px-3 py-2.5 transition-colors",
        isOpen ? "bg-accent-soft" : "hover:bg-sunken",
      )}
    >
      <Avatar name={row.title} seed={row.seed} url={row.avatar} isOnline={row.isOnline} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline justify-between gap-2">
          <span dir="auto" className="truncate font-semibold">
            {row.title}
          </span>
          <time dateTime={row.at} className={classes("shrink-0 text-xs", row.unread ? "font-semibold text-accent-strong" : "text-ink-2")}>
            {listTime(row.at, locale())}
          </time>
        </span>
        <span className="mt-0.5 flex min-h-6 items-center gap-1 text-ink-2">
          <Preview row={row} isOpen={isOpen} />
          {row.unread > 0 && (
            <span
              aria-label={t("chats.unread", { count: row.unread })}
              role="status"
              className="ms-auto inline-flex h-6 min-w-6 shrink-0 items-center justify-center rounded-full bg-accent px-1.5 text-xs font-bold text-on-accent"
            >
              {row.unread > 999 ? "999+" : row.unread}
            </span>
          )}
        </span>
      </span>
    </a>
  );
});

function Preview({ row, isOpen }: { row: NonNullable<ReturnType<typeof rowOf>>; isOpen: boolean }) {
  const { t } = useTranslation();
  if (row.isTyping) return <span className="truncate font-medium text-accent-strong">{t("chats.typing")}</span>;
  if (row.draft && !isOpen) {
    return (
      <span dir="auto" className="truncate">
        <span className="font-medium text-danger">{t("chats.draft")} </span>
        {row.draft}
      </span>
    );
  }
  const text = row.pendingText ?? (row.last ? previewOf(t, row.last) : t("chats.noMessages"));
  return (
    <>
      {row.tick && <Ticks kind={row.tick} label={t(`ticks.${row.tick}`)} />}
      <span dir="auto" className={classes("truncate", row.last?.deleted_at && row.pendingText === null && "italic")}>
        {row.sender && <span className="font-medium">{row.sender}: </span>}
        {text}
      </span>
    </>
  );
}
