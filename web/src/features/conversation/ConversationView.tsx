import { ArrowLeft, MessageCircleHeart, MessageCircleX } from "lucide-react";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Chat, Id } from "@/api/types";
import { MessageList, type Opened } from "@/features/conversation/MessageList";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { go } from "@/lib/route";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { shallowEqual, useStore } from "@/store/react";
import { isClosed, messagesOf, peerOf, pendingOf, presenceOf, titleOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { Button, IconButton } from "@/ui/Button";
import { Name } from "@/ui/Name";
import { SkeletonBubbles } from "@/ui/Skeleton";

/** One chat. What to write with is handed in, so that features stay apart. */
export function ConversationView({ id, composer }: { id: Id; composer: ReactNode }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const chat = useStore(useCallback((state: State) => state.chats[id], [id]));
  const isLoaded = useStore((state) => state.place !== null);
  useEffect(() => {
    messenger.look(id);
    return () => messenger.look(null);
  }, [messenger, id]);

  if (!chat) {
    if (!isLoaded) return <SkeletonBubbles />;
    return (
      <Blank
        icon={<MessageCircleX className="size-9" />}
        title={t("conversation.missing")}
        action={<Button onClick={() => go("/")}>{t("conversation.backToChats")}</Button>}
      />
    );
  }
  return <Conversation chat={chat} composer={composer} />;
}

function Conversation({ chat, composer }: { chat: Chat; composer: ReactNode }) {
  const { t } = useTranslation();
  const title = useStore((state) => titleOf(state, chat));
  const closed = useStore((state) => isClosed(state, chat));
  return (
    <section aria-label={title} className="flex h-full min-w-0 flex-col">
      <Header chat={chat} title={title} />
      <div className="wall min-h-0 flex-1">
        <Messages chat={chat} title={title} />
      </div>
      {closed ? <p className="safe-bottom border-t border-line bg-surface px-6 py-4 text-center text-ink-2">{t("conversation.closed", { name: title })}</p> : composer}
    </section>
  );
}

function Header({ chat, title }: { chat: Chat; title: string }) {
  const { t } = useTranslation();
  const peer = peerOf(chat);
  const avatar = useStore((state) => (peer ? state.users[peer]?.avatar_url : chat.avatar_url));
  const isOnline = useStore((state) => presenceOf(state, peer)?.online === true);
  return (
    <header className="safe-top border-b border-line bg-surface">
      <div className="flex min-h-16 items-center gap-3 px-3 md:px-5">
        <IconButton label={t("common.back")} onClick={() => go("/")} className="-ms-1 md:hidden">
          <ArrowLeft aria-hidden className="size-5.5 rtl:-scale-x-100" />
        </IconButton>
        <Avatar name={title} seed={peer ?? chat.id} url={avatar} size="sm" isOnline={isOnline} />
        <div className="min-w-0 flex-1">
          <h1 className="leading-tight font-bold">
            <Name>{title}</Name>
          </h1>
          <StatusLine chat={chat} />
        </div>
      </div>
    </header>
  );
}

/** Under the name: typing, online, or when last seen. */
function StatusLine({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const peer = peerOf(chat);
  const { kind, presence, connection } = useStore(
    (state) => ({
      kind: Object.values(state.typing[chat.id] ?? {})[0]?.kind ?? null,
      presence: presenceOf(state, peer),
      connection: state.connection,
    }),
    shallowEqual,
  );
  let text = "";
  if (connection !== "online") text = t("connection.connecting");
  else if (kind) text = t(kind === "voice" ? "conversation.recording" : "conversation.typing");
  else if (presence?.online) text = t("conversation.online");
  else if (presence?.lastSeen) text = t("conversation.lastSeen", { when: moment(presence.lastSeen, locale()) });
  return (
    <p role="status" className={kind && connection === "online" ? "truncate text-sm font-medium text-accent-strong" : "truncate text-sm text-ink-2"}>
      {text}
    </p>
  );
}

/** The messages once there is something to show: what is kept at once, the newest page else. */
function Messages({ chat, title }: { chat: Chat; title: string }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [opened] = useState<Opened>(() => ({ seen: chat.me.seen, unread: chat.unread }));
  const [isReady, setReady] = useState(() => messenger.hasHistory(chat.id));
  const [error, setError] = useState<string | null>(null);
  const isOnline = useStore((state) => state.connection === "online");
  const isEmpty = useStore((state) => messagesOf(state, chat.id).length === 0 && pendingOf(state, chat.id).length === 0);

  const read = useCallback(() => {
    messenger.openHistory(chat.id).then(
      () => {
        setError(null);
        setReady(true);
      },
      (failure: unknown) => setError(errorText(t, failure)),
    );
  }, [messenger, chat.id, t]);
  // Again when the connection is back: what could not be read offline is read then.
  useEffect(read, [read, isOnline]);

  if (!isReady && !(error && !isEmpty)) {
    if (!error) return <SkeletonBubbles />;
    return (
      <div role="alert" className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center text-ink-2">
        {error}
        <Button look="secondary" size="sm" onClick={read}>
          {t("common.retry")}
        </Button>
      </div>
    );
  }
  if (isEmpty) {
    return (
      <div className="flex h-full items-center justify-center">
        <Blank icon={<MessageCircleHeart className="size-9" />} title={t("conversation.emptyTitle", { name: title })}>
          {t("conversation.emptyText")}
        </Blank>
      </div>
    );
  }
  return <MessageList chat={chat} title={title} opened={opened} />;
}
