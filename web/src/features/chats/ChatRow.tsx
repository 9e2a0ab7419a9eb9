import { AtSign, BellOff, ChevronDown, Pin } from "lucide-react";
import { memo, useCallback, useState } from "react";

import type { Id } from "@/api/types";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { listTime } from "@/lib/time";
import { chatPath } from "@/lib/route";
import { KindIcon } from "@/parts/KindIcon";
import { filesName, Preview as Said } from "@/parts/preview";
import { typingText } from "@/parts/typing";
import { messageAt } from "@/store/log";
import { isMuted, nameOf, peerOf, pendingOf, statusOf, titleOf } from "@/store/selectors";
import { shallowEqual, useStore } from "@/store/react";
import { mediumOf } from "@/store/media";
import type { Pending, State } from "@/store/state";
import { Avatar } from "@/ui/Avatar";
import { Lazily, lazily } from "@/ui/Lazily";
import { Ticks, type TickKind } from "@/ui/Ticks";
import { classes } from "@/ui/classes";

const ChatMenu = lazily(() => import("@/features/chats/ChatMenu").then((m) => m.ChatMenu));

/** All that a row shows, flat, so that it renders again only when one of these differs. */
function rowOf(state: State, id: Id) {
  const chat = state.chats[id];
  if (!chat) return null;
  const peer = peerOf(chat);
  const pending = pendingOf(state, id).at(-1) ?? null;
  const last = chat.last_message && (messageAt(state.logs[id], chat.last_message.seq) ?? chat.last_message);
  const tick: TickKind | null = pending ? (pending.state === "queued" ? "sending" : pending.state) : last && statusOf(state, last);
  return {
    title: titleOf(state, chat),
    seed: peer ?? id,
    isGroup: chat.kind === "group",
    avatar: peer ? (state.users[peer]?.avatar_url ?? null) : chat.avatar_url,
    isOnline: state.connection === "online" && peer !== null && state.presence[peer]?.online === true,
    draft: state.drafts[id] ?? "",
    pending,
    last,
    sender: senderOf(state, chat.kind === "group" && !pending ? last?.sender : null),
    isOwn: last?.sender === state.me?.id,
    tick: last?.deleted_at && !pending ? null : tick,
    at: pending?.createdAt ?? last?.created_at ?? chat.created_at,
    unread: chat.unread,
    isMentioned: (chat.mentions ?? 0) > 0,
    isMarked: chat.me.marked_unread === true,
    isPinned: chat.me.pinned === true,
    isMuted: isMuted(chat),
  };
}

function senderOf(state: State, sender: Id | null | undefined): string {
  return sender && sender !== state.me?.id ? nameOf(state.users[sender]) : "";
}

type Row = NonNullable<ReturnType<typeof rowOf>>;

export const ChatRow = memo(function ChatRow({ id, isOpen }: { id: Id; isOpen: boolean }) {
  const { t } = useTranslation();
  const [menu, setMenu] = useState<DOMRect | null>(null);
  const row = useStore(
    useCallback((state: State) => rowOf(state, id), [id]),
    (a, b) => a === b || (a !== null && b !== null && shallowEqual(a, b)),
  );
  if (!row) return null;
  const isUnread = row.unread > 0 || row.isMarked;
  return (
    <div
      className={classes("group/chat relative mx-2 rounded-2xl transition-colors", isOpen ? "bg-accent-soft" : "hover:bg-sunken focus-within:bg-sunken")}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu(new DOMRect(event.clientX, event.clientY, 0, 0));
      }}
    >
      <a href={`#${chatPath(id)}`} aria-current={isOpen ? "page" : undefined} className="flex items-center gap-3 rounded-2xl px-3 py-2.5 pointer-coarse:select-none">
        <Avatar name={row.title} seed={row.seed} url={row.avatar} isOnline={row.isOnline} isGroup={row.isGroup} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline justify-between gap-2">
            <span dir="auto" className="truncate font-semibold">
              {row.title}
            </span>
            <time dateTime={row.at} className={classes("shrink-0 text-xs", isUnread ? "font-semibold text-accent-strong" : "text-ink-2")}>
              {listTime(row.at, locale())}
            </time>
          </span>
          <span className="mt-0.5 flex min-h-6 items-center gap-1 text-ink-2">
            <Preview id={id} row={row} isOpen={isOpen} />
            <span className="ms-auto flex shrink-0 items-center gap-1.5 ps-1 transition-[padding] md:group-hover/chat:pe-7">
              {row.isMuted && <BellOff role="img" aria-label={t("chats.isMuted")} className="size-4 text-ink-3" />}
              {row.isPinned && <Pin role="img" aria-label={t("chats.isPinned")} className="size-4 text-ink-3" />}
              {row.isMentioned && (
                <span className="flex size-6 items-center justify-center rounded-full bg-accent text-on-accent">
                  <AtSign role="img" aria-label={t("chats.mentioned")} className="size-4" />
                </span>
              )}
              <Badge row={row} />
            </span>
          </span>
        </span>
      </a>
      <button
        type="button"
        aria-label={t("chats.menu", { name: row.title })}
        aria-haspopup="menu"
        onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
        className="absolute end-2.5 bottom-2.5 flex size-7 items-center justify-center rounded-full text-ink-2 opacity-0 group-hover/chat:opacity-100 hover:text-ink focus:opacity-100 pointer-coarse:hidden"
      >
        <ChevronDown aria-hidden className="size-5" />
      </button>
      {menu && (
        <Lazily onClose={() => setMenu(null)}>
          <ChatMenu id={id} title={row.title} anchor={menu} onClose={() => setMenu(null)} />
        </Lazily>
      )}
    </div>
  );
});

function Badge({ row }: { row: Row }) {
  const { t } = useTranslation();
  if (row.unread === 0 && !row.isMarked) return null;
  const label = row.unread > 0 ? t("chats.unread", { count: row.unread }) : t("chats.isUnread");
  return (
    <span
      aria-label={label}
      role="status"
      className={classes("inline-flex h-6 min-w-6 items-center justify-center rounded-full px-1.5 text-xs font-bold", row.isMuted ? "bg-ink-3 text-surface" : "bg-accent text-on-accent")}
    >
      {row.unread > 999 ? "999+" : row.unread || ""}
    </span>
  );
}

function Preview({ id, row, isOpen }: { id: Id; row: Row; isOpen: boolean }) {
  const { t } = useTranslation();
  const typing = useStore((state) => (state.chats[id] ? typingText(t, state, state.chats[id]) : ""));
  if (typing) return <span className="truncate font-medium text-accent-strong">{typing}</span>;
  if (row.draft && !isOpen) {
    return (
      <span dir="auto" className="truncate">
        <span className="font-medium text-danger">{t("chats.draft")} </span>
        {row.draft}
      </span>
    );
  }
  return (
    <>
      {row.tick && <Ticks kind={row.tick} label={t(`ticks.${row.tick}`)} />}
      <span dir="auto" className={classes("truncate", row.last?.deleted_at && row.pending === null && "italic")}>
        {row.sender && <span className="font-medium">{row.sender}: </span>}
        {row.pending ? <Unsent pending={row.pending} /> : row.last ? <Said message={row.last} /> : t("chats.noMessages")}
      </span>
    </>
  );
}

/** A message of mine on its way, in a line. */
function Unsent({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  return (
    <>
      <KindIcon kind={pending.kind} />
      {pending.text || filesName(t, pending.kind, pending.files.map(mediumOf))}
    </>
  );
}
