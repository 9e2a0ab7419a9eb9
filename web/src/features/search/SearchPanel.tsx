import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { Id } from "@/api/types";
import { SearchResults } from "@/features/search/SearchResults";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { useStore } from "@/store/react";
import { titleOf } from "@/store/selectors";
import { Panel } from "@/ui/Panel";

/** Searching one chat, beside it. */
export function SearchPanel({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const title = useStore((state) => (state.chats[chat] ? titleOf(state, state.chats[chat]) : ""));
  useEffect(() => field.current?.focus(), []);
  const wanted = query.trim();
  return (
    <Panel title={t("search.title")} closeLabel={t("common.close")} onClose={() => go(chatPath(chat))}>
      <div role="search" className="relative p-4">
        <Search aria-hidden className="pointer-events-none absolute start-8 top-1/2 size-4.5 -translate-y-1/2 text-ink-3" />
        <input
          ref={field}
          type="search"
          dir="auto"
          aria-label={t("search.in", { name: title })}
          placeholder={t("search.field")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="h-11 w-full rounded-full bg-sunken ps-11 pe-4 placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
        />
      </div>
      {wanted ? <SearchResults query={{ q: wanted, chat }} isOneChat /> : <p className="px-6 py-4 text-center text-ink-2">{t("search.hint")}</p>}
    </Panel>
  );
}
