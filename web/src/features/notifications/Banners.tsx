import { X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

import { pathOf, sentenceOf } from "@/features/notifications/words";
import { useTranslation } from "@/i18n/react";
import { chatPath } from "@/lib/route";
import type { News } from "@/messenger/announcer";
import { useMessenger } from "@/messenger/react";
import { previewOf } from "@/parts/preview";
import { messageAt } from "@/store/log";
import { shallowEqual, useStore } from "@/store/react";
import { nameOf, peerOf, titleOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/Button";

const SHOWN_MS = 6_000;
/** More would hide what one is doing. */
const SHOWN_MAX = 3;

/** What comes in chats that are not open, a moment each. */
export function Banners() {
  const { t } = useTranslation();
  const { announcer } = useMessenger();
  const news = useSyncExternalStore(announcer.subscribe, announcer.get);
  return (
    <ul
      aria-live="polite"
      aria-label={t("notifications.banners")}
      className="pointer-events-none fixed inset-x-3 top-[max(0.75rem,env(safe-area-inset-top))] z-40 flex flex-col items-end gap-2 md:start-auto md:w-96"
    >
      {news.slice(-SHOWN_MAX).map((one) => (
        <li key={one.number} className="pointer-events-auto w-full">
          {one.kind === "message" ? <MessageBanner news={one} /> : <NoticeBanner news={one} />}
        </li>
      ))}
    </ul>
  );
}

function MessageBanner({ news }: { news: Extract<News, { kind: "message" }> }) {
  const { t } = useTranslation();
  const shown = useStore((state) => {
    const chat = state.chats[news.chat];
    const message = messageAt(state.logs[news.chat], news.seq);
    if (!chat || !message) return null;
    const peer = peerOf(chat);
    const sender = message.sender ? nameOf(state.users[message.sender]) : "";
    const said = previewOf(t, message);
    return {
      title: titleOf(state, chat),
      text: chat.kind === "group" && sender ? `${sender}: ${said}` : said,
      seed: peer ?? chat.id,
      url: peer ? (state.users[peer]?.avatar_url ?? null) : chat.avatar_url,
      isGroup: chat.kind === "group",
    };
  }, sameOrEqual);
  if (!shown) return null;
  return <Banner number={news.number} path={chatPath(news.chat)} {...shown} />;
}

function NoticeBanner({ news }: { news: Extract<News, { kind: "notice" }> }) {
  const { t } = useTranslation();
  const shown = useStore((state) => {
    const notice = state.notices?.rows.find((row) => row.id === news.id);
    if (!notice) return null;
    const user = notice.by ? state.users[notice.by] : undefined;
    return { title: nameOf(user) || t("notifications.title"), text: sentenceOf(t, state, notice), seed: notice.by ?? "", url: user?.avatar_url ?? null, path: pathOf(state, notice) ?? "/notifications" };
  }, sameOrEqual);
  if (!shown) return null;
  return <Banner number={news.number} {...shown} />;
}

function sameOrEqual<T extends object>(a: T | null, b: T | null): boolean {
  return a === b || (a !== null && b !== null && shallowEqual(a, b));
}

interface Props {
  number: number;
  path: string;
  title: string;
  text: string;
  seed: string;
  url: string | null;
  isGroup?: boolean;
}

function Banner({ number, path, title, text, seed, url, isGroup = false }: Props) {
  const { t } = useTranslation();
  const { announcer } = useMessenger();
  useEffect(() => {
    const timer = setTimeout(() => announcer.dismiss(number), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [announcer, number]);
  return (
    <div className="animate-rise flex items-center rounded-3xl border border-line bg-raised pe-1 shadow-lift">
      <a href={`#${path}`} onClick={() => announcer.dismiss(number)} className="flex min-w-0 flex-1 items-center gap-3 rounded-3xl p-3">
        <Avatar name={title} seed={seed} url={url} isGroup={isGroup} size="sm" />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-semibold">
            {title}
          </span>
          <span dir="auto" className="block truncate text-sm text-ink-2">
            {text}
          </span>
        </span>
      </a>
      <IconButton label={t("notifications.dismiss")} onClick={() => announcer.dismiss(number)}>
        <X aria-hidden className="size-4.5" />
      </IconButton>
    </div>
  );
}
