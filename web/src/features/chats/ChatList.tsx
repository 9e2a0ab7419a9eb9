import { MessageCircle, QrCode, ScanLine, Search, SearchX, X } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Virtuoso } from "react-virtuoso";

import type { Id } from "@/api/types";
import { ChatRow } from "@/features/chats/ChatRow";
import { fold } from "@/lib/text";
import { useStore } from "@/store/react";
import { chatList, titleOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Blank } from "@/ui/Blank";
import { Button, IconButton } from "@/ui/Button";
import { SkeletonRows } from "@/ui/Skeleton";

interface Props {
  openChat: Id | null;
  onShowQr: () => void;
  onScan: () => void;
  /** Requests to connect, which must not be missed, stand above the chats. */
  inbox: ReactNode;
}

const titles = (state: State): string => chatList(state).map((chat) => titleOf(state, chat)).join("\n");

/** The list of chats, the latest first, with a filter by name and last text. */
export function ChatList({ openChat, onShowQr, onScan, inbox }: Props) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const isLoaded = useStore((state) => state.place !== null);
  const chats = useStore(chatList);
  const names = useStore(titles);
  const shown = useMemo(() => {
    const wanted = fold(query.trim());
    if (!wanted) return chats;
    const folded = fold(names).split("\n");
    return chats.filter((chat, index) => folded[index]?.includes(wanted) || fold(chat.last_message?.text ?? "").includes(wanted));
  }, [chats, names, query]);

  return (
    <section aria-label={t("chats.title")} className="flex h-full flex-col">
      <header className="flex min-h-17 items-center justify-between gap-2 px-5 pt-2">
        <h1 className="text-2xl font-extrabold tracking-tight">{t("chats.title")}</h1>
        <span className="-me-2 flex">
          <IconButton label={t("people.scan")} onClick={onScan}>
            <ScanLine aria-hidden className="size-5" />
          </IconButton>
        </span>
      </header>
      <div className="px-4 pb-3">
        <SearchField query={query} onChange={setQuery} />
      </div>
      <div className="px-3 pb-2 empty:hidden">{inbox}</div>
      <div className="min-h-0 flex-1">
        {!isLoaded ? (
          <SkeletonRows />
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
          <Blank icon={<SearchX className="size-9" />} title={t("chats.noMatchTitle")}>
            {t("chats.noMatchText", { query: query.trim() })}
          </Blank>
        ) : (
          <Virtuoso
            data={shown}
            computeItemKey={(_, chat) => chat.id}
            itemContent={(_, chat) => <ChatRow id={chat.id} isOpen={chat.id === openChat} />}
            aria-label={t("chats.list")}
            className="h-full"
          />
        )}
      </div>
    </section>
  );
}

function SearchField({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const { t } = useTranslation();
  return (
    <div role="search" className="relative">
      <Search aria-hidden className="pointer-events-none absolute start-4 top-1/2 size-4.5 -translate-y-1/2 text-ink-3" />
      <input
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
