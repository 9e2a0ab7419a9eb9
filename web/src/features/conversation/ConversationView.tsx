import { MessageCircleHeart, MessageCircleX } from "lucide-react";
import { useCallback, useEffect, useMemo, useState, type ComponentProps, type ReactNode } from "react";

import type { Chat, Id, Message } from "@/api/types";
import { ActionsProvider, type Actions } from "@/features/conversation/actions";
import { Header } from "@/features/conversation/Header";
import { MessageList, type Opened } from "@/features/conversation/MessageList";
import type { Ask } from "@/features/conversation/MessageMenu";
import { PinnedBar } from "@/features/conversation/PinnedBar";
import { useAttempt } from "@/i18n/attempt";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { go } from "@/lib/route";
import { player } from "@/media/player";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { messageAt } from "@/store/log";
import { hasOlder, isClosed, may, messagesOf, pendingOf, titleOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Blank } from "@/ui/Blank";
import { Button } from "@/ui/Button";
import { Lazily, lazily } from "@/ui/Lazily";
import { SkeletonBubbles } from "@/ui/Skeleton";

// What is not needed to read comes when it is asked for.
const MessageMenu = lazily(() => import("@/features/conversation/MessageMenu").then((m) => m.MessageMenu));
const EmojiPicker = lazily(() => import("@/features/conversation/MessageMenu").then((m) => m.EmojiPicker));
const DeleteDialog = lazily(() => import("@/features/conversation/dialogs").then((m) => m.DeleteDialog));
const InfoDialog = lazily(() => import("@/features/conversation/dialogs").then((m) => m.InfoDialog));
const ForwardDialog = lazily(() => import("@/features/conversation/dialogs").then((m) => m.ForwardDialog));
const Viewer = lazily(() => import("@/parts/viewer/Viewer").then((m) => m.Viewer));
const ReactionsDialog = lazily(() => import("@/features/conversation/dialogs").then((m) => m.ReactionsDialog));

interface Props {
  id: Id;
  /** What to write with; handed in, so that features stay apart. */
  composer: ReactNode;
  /** What must not be missed, above the messages. */
  notice?: ReactNode;
}

/** One chat. */
export function ConversationView({ id, composer, notice }: Props) {
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
  return <Conversation chat={chat} composer={composer} notice={notice} />;
}

/** What is open over the conversation, for one message. */
interface Open {
  what: "menu" | "emoji" | "reactions" | Ask;
  seq: number;
  anchor: DOMRect;
}

const NOWHERE = new DOMRect();

function Conversation({ chat, composer, notice }: { chat: Chat; composer: ReactNode; notice: ReactNode }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const title = useStore((state) => titleOf(state, chat));
  const closed = useStore((state) => isClosed(state, chat));
  const [open, setOpen] = useState<Open | null>(null);
  const opened = useStore((state) => (open ? messageAt(state.logs[chat.id], open.seq) : null));
  const canWrite = !closed && may(chat, "post");
  const [seen, setSeen] = useState<{ seq: number; medium: Id } | null>(null);
  // What is heard belongs to the chat it stands in.
  useEffect(() => player.stop, []);
  const close = useCallback(() => setOpen(null), []);

  const { id } = chat;
  const goTo = useCallback((seq: number) => void attempt(() => messenger.history.show(id, seq)), [attempt, messenger, id]);
  const actions = useMemo<Actions>(() => {
    const opener = (what: Open["what"]) => (message: Message, anchor: DOMRect) => setOpen({ what, seq: message.seq, anchor });
    return { openMenu: opener("menu"), openPicker: opener("emoji"), showReactions: (message) => setOpen({ what: "reactions", seq: message.seq, anchor: NOWHERE }), openMedia: (seq, medium) => setSeen({ seq, medium }), goTo };
  }, [goTo]);

  return (
    <section aria-label={title} className="relative flex h-full min-w-0 flex-col">
      <Header chat={chat} title={title} />
      {notice}
      <PinnedBar chat={chat.id} onShow={goTo} />
      <div className="wall min-h-0 flex-1">
        <ActionsProvider value={actions}>
          <Messages chat={chat} title={title} />
        </ActionsProvider>
      </div>
      {canWrite ? (
        composer
      ) : (
        <p className="safe-bottom border-t border-line bg-surface px-6 py-4 text-center text-ink-2">
          {closed ? t("conversation.closed", { name: title }) : t("composer.adminsOnly")}
        </p>
      )}
      {seen && (
        <Lazily onClose={() => setSeen(null)}>
          <ChatViewer chat={chat.id} title={title} at={seen} onShow={goTo} onClose={() => setSeen(null)} />
        </Lazily>
      )}
      {open && opened && (
        <Lazily key={open.what} onClose={close}>
          {open.what === "menu" && (
            <MessageMenu
              chat={chat}
              message={opened}
              anchor={open.anchor}
              canWrite={canWrite}
              onAsk={(what) => setOpen({ ...open, what })}
              onMoreEmoji={() => setOpen({ ...open, what: "emoji" })}
              onClose={close}
            />
          )}
          {open.what === "emoji" && <EmojiPicker message={opened} anchor={open.anchor} onClose={close} />}
          {open.what === "delete" && <DeleteDialog chat={chat} message={opened} onClose={close} />}
          {open.what === "info" && <InfoDialog chat={chat} message={opened} onClose={close} />}
          {open.what === "forward" && <ForwardDialog chat={chat} message={opened} onClose={close} />}
          {open.what === "reactions" && <ReactionsDialog chat={chat} message={opened} onClose={close} />}
        </Lazily>
      )}
    </section>
  );
}

/** All pictures and films of the chat, as far back as one goes. */
function ChatViewer({ chat, ...viewer }: { chat: Id } & Omit<ComponentProps<typeof Viewer>, "messages" | "onMore">) {
  const messenger = useMessenger();
  const messages = useStore((state) => messagesOf(state, chat));
  const isMore = useStore((state) => hasOlder(state, chat));
  const readOlder = useCallback(() => void messenger.history.loadOlder(chat).catch(() => undefined), [messenger, chat]);
  return <Viewer {...viewer} messages={messages} onMore={isMore ? readOlder : undefined} />;
}

/** The messages once there is something to show: what is kept at once, the newest page else. */
function Messages({ chat, title }: { chat: Chat; title: string }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [opened] = useState<Opened>(() => ({ seen: chat.me.seen, unread: chat.unread }));
  const [isReady, setReady] = useState(() => messenger.history.has(chat.id, opened.seen));
  const [error, setError] = useState<string | null>(null);
  const isOnline = useStore((state) => state.connection === "online");
  const isEmpty = useStore((state) => messagesOf(state, chat.id).length === 0 && pendingOf(state, chat.id).length === 0);

  const read = useCallback(() => {
    messenger.history.open(chat.id, opened.seen).then(
      () => {
        setError(null);
        setReady(true);
      },
      (failure: unknown) => setError(errorText(t, failure)),
    );
  }, [messenger, chat.id, opened.seen, t]);
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
    const isGroup = chat.kind === "group";
    return (
      <div className="flex h-full items-center justify-center">
        <Blank icon={<MessageCircleHeart className="size-9" />} title={t(isGroup ? "conversation.emptyGroupTitle" : "conversation.emptyTitle", { name: title })}>
          {t(isGroup ? "conversation.emptyGroupText" : "conversation.emptyText")}
        </Blank>
      </div>
    );
  }
  return <MessageList chat={chat} title={title} opened={opened} />;
}
