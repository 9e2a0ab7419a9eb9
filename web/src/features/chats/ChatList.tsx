import { Archive, CheckCheck, MessageCircle, MessageCirclePlus, QrCode, ScanLine, Search, SearchX, UsersRound, X } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from "react";
import { VList } from "virtua";

import type { Chat, Id } from "@/api/types";
import { Bell } from "@/features/chats/Bell";
import { ChatRow } from "@/features/chats/ChatRow";
import { useTranslation } from "@/i18n/react";
import { fold } from "@/lib/text";
import { useStore } from "@/store/react";
import { chatList, titleOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Blank } from "@/ui/Blank";
import { Button, IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { SkeletonRows } from "@/ui/Skeleton";
import { classes } from "@/ui/classes";

interface Props {
  openChat: Id | null;
  onShowQr: () => void;
  onScan: () => void;
  onNewGroup: () => void;
  /** Requests to connect, which must not be missed, stand above the chats. */
  inbox: ReactNode;
  /** What a search finds beyond the chats' names; it scrolls with them. */
  found: (query: string) => ReactNode;
}

/** The search field, which a shortcut goes to. */
export const SEARCH_ID = "search-chats";

/** Whether the list has been there since the page was opened. */
let wasDrawn = false;

/** Drawn before it is known how many are seen, which would be in one go. */
const FIRST_ROWS = Array.from({ length: 12 }, (_, n) => n);

const FILTERS = ["all", "unread", "groups", "archived"] as const;
type Filter = (typeof FILTERS)[number];

const passes: Record<Filter, (chat: Chat) => boolean> = {
  all: (chat) => !chat.me.archived,
  unread: (chat) => !chat.me.archived && (chat.unread > 0 || chat.me.marked_unread === true),
  groups: (chat) => !chat.me.archived && chat.kind === "group",
  archived: (chat) => chat.me.archived === true,
};

const titles = (state: State): string => chatList(state).map((chat) => titleOf(state, chat)).join("\n");

/** The list of chats, the latest first; what is typed above it searches names and messages. */
export function ChatList({ openChat, onShowQr, onScan, onNewGroup, inbox, found }: Props) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  // At the start the rows are drawn bit by bit after the rest, which leaves room for a tap in between.
  const isHeld = useStore((state) => state.place !== null);
  const isLoaded = useDeferredValue(isHeld, isHeld && wasDrawn);
  useEffect(() => {
    if (isLoaded) wasDrawn = true;
  }, [isLoaded]);
  const [isScrolled, setScrolled] = useState(false);
  const chats = useStore(chatList);
  const names = useStore(titles);
  const wanted = fold(query.trim());
  const shown = useMemo(() => {
    if (!wanted) return chats.filter(passes[filter]);
    const folded = fold(names).split("\n");
    return chats.filter((_, index) => folded[index]?.includes(wanted));
  }, [chats, names, wanted, filter]);
  const row = (chat: Chat) => <ChatRow key={chat.id} id={chat.id} isOpen={chat.id === openChat} />;

  return (
    <section aria-label={t("chats.title")} className="flex h-full flex-col">
      <header className="flex min-h-17 items-center justify-between gap-2 px-5 pt-2">
        <h1 className="text-2xl font-extrabold tracking-tight">{t("chats.title")}</h1>
        <span className="-me-2 flex">
          <Bell />
          <IconButton label={t("people.scan")} onClick={onScan}>
            <ScanLine aria-hidden className="size-5" />
          </IconButton>
          <Menu
            label={t("chats.new")}
            trigger={
              <IconButton label={t("chats.new")}>
                <MessageCirclePlus aria-hidden className="size-5" />
              </IconButton>
            }
            items={[
              { label: t("groups.new"), icon: <UsersRound aria-hidden className="size-5" />, onSelect: onNewGroup },
              { label: t("people.showQr"), icon: <QrCode aria-hidden className="size-5" />, onSelect: onShowQr },
              { label: t("people.scan"), icon: <ScanLine aria-hidden className="size-5" />, onSelect: onScan },
            ]}
          />
        </span>
      </header>
      <div className="px-4 pb-2">
        <SearchField query={query} onChange={setQuery} />
      </div>
      {!wanted && chats.length > 0 && <Filters filter={filter} onChange={setFilter} />}
      {!wanted && <div className="px-3 pb-2 empty:hidden">{inbox}</div>}
      <div className="min-h-0 flex-1">
        {!isLoaded ? (
          <SkeletonRows />
        ) : wanted ? (
          <div className="h-full overflow-y-auto pb-4">
            {shown.length > 0 && (
              <>
                <h2 className="px-5 pt-1 pb-1 text-sm font-semibold text-ink-2">{t("search.chats")}</h2>
                {shown.map(row)}
              </>
            )}
            {found(query.trim())}
          </div>
        ) : chats.length === 0 ? (
          <Blank
            icon={<MessageCircle className="size-9" />}
            title={t("chats.emptyTitle")}
            action={
              <>
                <Button onClick={onShowQr} icon={<QrCode aria-hidden className="size-5" />}>
                  {t("people.showQr")}
                </Button>
                <Button look="secondary" onClick={onScan} icon={<ScanLine aria-hidden className="size-5" />}>
                  {t("people.scan")}
                </Button>
              </>
            }
          >
            {t("chats.emptyText")}
          </Blank>
        ) : shown.length === 0 ? (
          <Nothing filter={filter} onNewGroup={onNewGroup} />
        ) : (
          <VList data={shown} keepMounted={isScrolled ? undefined : FIRST_ROWS} onScroll={() => setScrolled(true)} aria-label={t("chats.list")} tabIndex={0}>
            {row}
          </VList>
        )}
      </div>
    </section>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={t("chats.filters")} className="flex gap-2 overflow-x-auto px-4 pb-3 [scrollbar-width:none]">
      {FILTERS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={filter === one}
          onClick={() => onChange(one)}
          className={classes("h-8 shrink-0 rounded-full px-3.5 text-sm font-semibold transition-colors", filter === one ? "bg-accent-soft text-accent-strong" : "bg-sunken text-ink-2 hover:text-ink")}
        >
          {t(`chats.filter.${one}`)}
        </button>
      ))}
    </div>
  );
}

function Nothing({ filter, onNewGroup }: { filter: Filter; onNewGroup: () => void }) {
  const { t } = useTranslation();
  if (filter === "unread") {
    return (
      <Blank icon={<CheckCheck className="size-9" />} title={t("chats.noneUnread")}>
        {t("chats.noneUnreadText")}
      </Blank>
    );
  }
  if (filter === "groups") {
    return (
      <Blank icon={<UsersRound className="size-9" />} title={t("chats.noneGroups")} action={<Button onClick={onNewGroup}>{t("groups.new")}</Button>}>
        {t("chats.noneGroupsText")}
      </Blank>
    );
  }
  if (filter === "archived") {
    return (
      <Blank icon={<Archive className="size-9" />} title={t("chats.noneArchived")}>
        {t("chats.noneArchivedText")}
      </Blank>
    );
  }
  return <Blank icon={<SearchX className="size-9" />} title={t("chats.noneShown")} />;
}

function SearchField({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const { t } = useTranslation();
  return (
    <div role="search" className="relative">
      <Search aria-hidden className="pointer-events-none absolute start-4 top-1/2 size-4.5 -translate-y-1/2 text-ink-3" />
      <input
        id={SEARCH_ID}
        type="search"
        dir="auto"
        aria-label={t("chats.search")}
        placeholder={t("chats.search")}
        value={query}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onChange("");
        }}
        className="h-11 w-full rounded-full bg-sunken ps-11 pe-11 placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
      />
      {query && (
        <IconButton label={t("chats.clearSearch")} onClick={() => onChange("")} className="absolute end-0.5 top-1/2 size-10! -translate-y-1/2">
          <X aria-hidden className="size-4.5" />
        </IconButton>
      )}
    </div>
  );
}
