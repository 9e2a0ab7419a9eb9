import { useState } from "react";

import type { Query } from "@/api/search";
import { SearchResults } from "@/features/search/SearchResults";
import { useTranslation } from "@/i18n/react";
import { contactList, nameOf } from "@/store/selectors";
import { shallowEqual, useStore } from "@/store/react";
import { Select } from "@/ui/Select";

const KINDS = ["any", "text", "poll", "location", "contact"] as const;
const SINCE_DAYS = { any: null, week: 7, month: 30, year: 365 } as const;
type Since = keyof typeof SINCE_DAYS;

/** Below the chats that a search finds by name: the messages, with filters. */
export function FoundMessages({ query }: { query: string }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("any");
  const [from, setFrom] = useState("");
  const [since, setSince] = useState<{ name: Since; after: string | undefined }>({ name: "any", after: undefined });
  const people = useStore((state) => contactList(state).map((row) => row.user), shallowEqual);
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.me?.id ?? "");
  const asked: Query = { q: query, kind: kind === "any" ? undefined : kind, from: from || undefined, after: since.after };

  function chooseSince(name: Since): void {
    const days = SINCE_DAYS[name];
    setSince({ name, after: days === null ? undefined : new Date(Date.now() - days * 86_400_000).toISOString() });
  }

  return (
    <>
      <div className="flex gap-2 overflow-x-auto px-4 pt-2 pb-1 [scrollbar-width:none]">
        <Select label={t("search.kinds")} value={kind} onChange={(value) => setKind(value as typeof kind)} options={KINDS.map((one) => [one, t(`search.kind.${one}`)] as const)} />
        <Select
          label={t("search.from")}
          value={from}
          onChange={setFrom}
          options={[["", t("search.anyone")], [me, t("message.you")], ...people.map((id) => [id, nameOf(users[id])] as const)]}
        />
        <Select
          label={t("search.since")}
          value={since.name}
          onChange={(value) => chooseSince(value as Since)}
          options={(Object.keys(SINCE_DAYS) as Since[]).map((one) => [one, t(`search.sinceWhen.${one}`)] as const)}
        />
      </div>
      <SearchResults query={asked} />
    </>
  );
}
