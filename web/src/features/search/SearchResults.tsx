import { SearchX } from "lucide-react";
import { Fragment, useEffect, useState } from "react";

import { search, type Hit, type Query } from "@/api/search";
import type { Users } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { listTime } from "@/lib/time";
import { useAttempt } from "@/i18n/attempt";
import { useMessenger } from "@/messenger/react";
import { Preview } from "@/parts/preview";
import { useStore } from "@/store/react";
import { nameOf, peerOf, titleOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { Button } from "@/ui/Button";
import { SkeletonRows } from "@/ui/Skeleton";

const PAUSE_MS = 250;

interface Found {
  hits: Hit[];
  users: Users;
  next: string | null;
}

interface Props {
  query: Query;
  /** In one chat its name need not stand in every row. */
  isOneChat?: boolean;
  onOpen?: () => void;
}

/** The messages that a search finds, the newest first; a click shows one in its chat. */
export function SearchResults({ query, isOneChat = false, onOpen }: Props) {
  const { t } = useTranslation();
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isReading, setReading] = useState(false);
  const key = JSON.stringify(query);

  useEffect(() => {
    let isOn = true;
    const timer = setTimeout(() => {
      search(JSON.parse(key) as Query).then(
        (page) => {
          if (!isOn) return;
          setError(null);
          setFound({ hits: page.results, users: page.users, next: page.next });
        },
        (failure: unknown) => isOn && setError(errorText(t, failure)),
      );
    }, PAUSE_MS);
    return () => {
      isOn = false;
      clearTimeout(timer);
    };
  }, [key, t]);

  async function readMore(): Promise<void> {
    if (!found?.next) return;
    setReading(true);
    try {
      const page = await search(query, found.next);
      setFound({ hits: [...found.hits, ...page.results], users: { ...found.users, ...page.users }, next: page.next });
    } catch (failure) {
      setError(errorText(t, failure));
    }
    setReading(false);
  }

  return (
    <section aria-label={t("search.results")} aria-busy={found === null && error === null}>
      {!isOneChat && <h2 className="px-5 pt-3 pb-1 text-sm font-semibold text-ink-2">{t("search.messages")}</h2>}
      {error ? (
        <p role="alert" className="px-5 py-4 text-danger">
          {error}
        </p>
      ) : found === null ? (
        <SkeletonRows rows={3} />
      ) : found.hits.length === 0 ? (
        <Blank icon={<SearchX className="size-9" />} title={t("search.none")}>
          {t("search.noneText", { query: query.q })}
        </Blank>
      ) : (
        <ul>
          {found.hits.map((hit) => (
            <li key={hit.message.id}>
              <Result hit={hit} users={found.users} isOneChat={isOneChat} onOpen={onOpen} />
            </li>
          ))}
        </ul>
      )}
      {found?.next && (
        <div className="flex justify-center py-3">
          <Button look="quiet" size="sm" isBusy={isReading} onClick={() => void readMore()}>
            {t("search.more")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Result({ hit, users, isOneChat, onOpen }: { hit: Hit; users: Users; isOneChat: boolean; onOpen: (() => void) | undefined }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const { message } = hit;
  const chat = useStore((state) => state.chats[hit.chat]);
  const title = useStore((state) => (chat ? titleOf(state, chat) : ""));
  const me = useStore((state) => state.me?.id);
  const peer = chat ? peerOf(chat) : null;
  const picture = useStore((state) => (peer ? state.users[peer]?.avatar_url : chat?.avatar_url));
  const sender = message.sender === me ? t("message.you") : nameOf(users[message.sender ?? ""]) || t("system.someone");

  async function open(): Promise<void> {
    onOpen?.();
    go(chatPath(hit.chat));
    await attempt(() => messenger.history.show(hit.chat, message.seq));
  }

  return (
    <button type="button" onClick={() => void open()} className="mx-2 flex w-[calc(100%-1rem)] items-center gap-3 rounded-2xl px-3 py-2.5 text-start transition-colors hover:bg-sunken">
      {!isOneChat && <Avatar name={title} seed={peer ?? hit.chat} url={picture} isGroup={chat?.kind === "group"} />}
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline justify-between gap-2">
          <span dir="auto" className="truncate font-semibold">
            {isOneChat ? sender : title}
          </span>
          <time dateTime={message.created_at} className="shrink-0 text-xs text-ink-2">
            {listTime(message.created_at, locale())}
          </time>
        </span>
        <span dir="auto" className="line-clamp-2 text-ink-2">
          {!isOneChat && <span className="font-medium">{sender}: </span>}
          {message.kind === "text" ? <Marked text={message.text ?? ""} highlights={hit.highlights} /> : <Preview message={message} />}
        </span>
      </span>
    </button>
  );
}

const BEFORE = 40;

/** A text with what was found in it marked, cut so that the first find is in view. */
function Marked({ text, highlights }: { text: string; highlights: [number, number][] }) {
  const letters = Array.from(text);
  const first = highlights[0]?.[0] ?? 0;
  const from = first > BEFORE + 10 ? first - BEFORE : 0;
  const parts: { text: string; isHit: boolean }[] = [];
  let at = from;
  for (const [start, length] of highlights) {
    if (start < at) continue;
    parts.push({ text: letters.slice(at, start).join(""), isHit: false }, { text: letters.slice(start, start + length).join(""), isHit: true });
    at = start + length;
  }
  parts.push({ text: letters.slice(at).join(""), isHit: false });
  return (
    <>
      {from > 0 && "…"}
      {parts.map((part, index) =>
        part.isHit ? (
          <mark key={index} className="rounded bg-accent-soft font-semibold text-accent-strong">
            {part.text}
          </mark>
        ) : (
          <Fragment key={index}>{part.text}</Fragment>
        ),
      )}
    </>
  );
}
