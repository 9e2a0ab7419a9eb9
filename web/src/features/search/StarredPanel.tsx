import { Star } from "lucide-react";
import { useEffect, useState } from "react";

import { listStarred, type Starred } from "@/api/messages";
import type { Id, Users } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { listTime } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { Preview } from "@/parts/preview";
import { useStore } from "@/store/react";
import { nameOf, titleOf } from "@/store/selectors";
import { Blank } from "@/ui/Blank";
import { Button } from "@/ui/Button";
import { Panel } from "@/ui/Panel";
import { SkeletonRows } from "@/ui/Skeleton";

/** My starred messages of all chats, those of this one's neighbours too. */
export function StarredPanel({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const [rows, setRows] = useState<Starred[] | null>(null);
  const [users, setUsers] = useState<Users>({});
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  function read(cursor: string | null): void {
    listStarred(cursor).then(
      (page) => {
        setRows((before) => [...(cursor ? (before ?? []) : []), ...page.results]);
        setUsers((before) => ({ ...before, ...page.users }));
        setNext(page.next);
      },
      (failure: unknown) => setError(errorText(t, failure)),
    );
  }
  useEffect(() => read(null), []); // eslint-disable-line react-hooks/exhaustive-deps -- once, when it opens

  return (
    <Panel title={t("message.starredTitle")} closeLabel={t("common.close")} onClose={() => go(chatPath(chat, "info"))}>
      {error ? (
        <p role="alert" className="p-5 text-danger">
          {error}
        </p>
      ) : rows === null ? (
        <SkeletonRows rows={4} />
      ) : rows.length === 0 ? (
        <Blank icon={<Star className="size-9" />} title={t("message.starredEmpty")}>
          {t("message.starredHint")}
        </Blank>
      ) : (
        <ul className="py-2">
          {rows.map((row) => (
            <li key={row.message.id}>
              <Row row={row} users={users} />
            </li>
          ))}
        </ul>
      )}
      {next && (
        <div className="flex justify-center py-3">
          <Button look="quiet" size="sm" onClick={() => read(next)}>
            {t("search.more")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Row({ row, users }: { row: Starred; users: Users }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const { message } = row;
  const chat = useStore((state) => state.chats[row.chat]);
  const title = useStore((state) => (chat ? titleOf(state, chat) : ""));
  const me = useStore((state) => state.me?.id);
  const sender = message.sender === me ? t("message.you") : nameOf(users[message.sender ?? ""]);

  async function open(): Promise<void> {
    go(chatPath(row.chat));
    await attempt(() => messenger.history.show(row.chat, message.seq));
  }

  return (
    <button type="button" onClick={() => void open()} className="mx-2 block w-[calc(100%-1rem)] rounded-2xl px-3 py-2.5 text-start hover:bg-sunken">
      <span className="flex items-baseline justify-between gap-2">
        <span dir="auto" className="truncate font-semibold">
          {sender} · {title}
        </span>
        <time dateTime={message.created_at} className="shrink-0 text-xs text-ink-2">
          {listTime(message.created_at, locale())}
        </time>
      </span>
      <span dir="auto" className="line-clamp-3 text-ink-2">
        <Preview message={message} />
      </span>
    </button>
  );
}
