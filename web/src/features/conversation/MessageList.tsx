import { ArrowDown, LoaderCircle } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";

import type { Chat } from "@/api/types";
import { BubbleRow } from "@/features/conversation/Bubble";
import { rowsOf, type Row } from "@/features/conversation/rows";
import { useMessenger } from "@/messenger/react";
import { previewOf } from "@/parts/preview";
import { shallowEqual, useStore } from "@/store/react";
import { hasOlder, messagesOf, nameOf, pendingOf, typingIn } from "@/store/selectors";
import type { State } from "@/store/state";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/Toaster";
import { classes } from "@/ui/classes";

/** Rows are numbered from here downwards as older ones come in, so that the ones in view keep theirs. */
const FIRST_INDEX = 1_000_000;

/**
 * Older messages are asked for so many rows before the first one comes near the view: the list keeps
 * what is in view in its place as long as its first row is not among the rendered ones.
 */
const PREFETCH_ROWS = 30;
const FLASH_MS = 1_900;
/** Nearer to the end than this is at the end: positions are fractions of a pixel. */
const AT_END_PX = 2;

/** What was unread when the chat was opened. */
export interface Opened {
  seen: number;
  unread: number;
}

interface Props {
  chat: Chat;
  title: string;
  opened: Opened;
}

/** The messages of a chat: opens at the first unread or at the end, reads older ones when scrolled up to. */
export function MessageList({ chat, title, opened }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const list = useRef<VirtuosoHandle>(null);
  const me = useStore((state) => state.me?.id);
  const messages = useStore(useCallback((state: State) => messagesOf(state, chat.id), [chat.id]));
  const pending = useStore(useCallback((state: State) => pendingOf(state, chat.id), [chat.id]), shallowEqual);
  // Of more unread than were read back, the first is not among what is held: the line waits until it is.
  const isDivided = useStore((state) => opened.unread > 0 && (state.logs[chat.id]?.from ?? Infinity) <= opened.seen + 1);
  const rows = useMemo(() => rowsOf(messages, pending, me, isDivided ? opened.seen : null), [messages, pending, me, isDivided, opened]);
  const jump = useStore((state) => (state.jump?.chat === chat.id ? state.jump : null));
  const [isAtEnd, setAtEnd] = useState(true);
  const [leftAt, setLeftAt] = useState<number | null>(null);

  // The first row there was when the list appeared keeps its number for good.
  const [anchor] = useState(() => messages[0]?.seq ?? 0);
  const before = useMemo(() => Math.max(0, rows.findIndex((row) => (row.seq ?? Infinity) >= anchor)), [rows, anchor]);
  const [start] = useState(() => {
    const wanted = jump === null ? -1 : rows.findIndex((row) => row.seq === jump.seq);
    if (wanted >= 0) return { index: wanted, align: "center" as const };
    const divider = rows.findIndex((row) => row.isDivider);
    return divider > 0 ? { index: divider, align: "center" as const } : { index: Math.max(0, rows.length - 1), align: "end" as const };
  });

  // Who is at the end stays there when something takes room: a bar above, a picture, a reaction.
  const scroller = useRef<HTMLElement | null>(null);
  const stays = useRef(start.align === "end");
  const stay = useCallback(() => {
    const box = scroller.current;
    if (stays.current && box) box.scrollTop = box.scrollHeight;
  }, []);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let before = { top: 0, height: 0 };
    const follow = (): void => {
      const { scrollTop: top, scrollHeight: height } = box;
      if (height - box.clientHeight - top < AT_END_PX) stays.current = true;
      // Up while nothing changed its size: somebody has moved it, not the layout.
      else if (top < before.top && height === before.height) stays.current = false;
      else stay();
      before = { top, height };
    };
    box.addEventListener("scroll", follow, { passive: true });
    const observer = new ResizeObserver(stay);
    observer.observe(box);
    return () => {
      box.removeEventListener("scroll", follow);
      observer.disconnect();
    };
  }, [stay]);

  // A message that was asked for comes into the middle and lights up.
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  }, [rows]);
  useEffect(() => {
    if (!jump) return;
    const index = latest.current.findIndex((row) => row.seq === jump.seq);
    if (index < 0) toast(t("message.gone"));
    else {
      stays.current = false;
      list.current?.scrollToIndex({ index, align: "center" });
    }
    const timer = setTimeout(() => messenger.history.shown(), index < 0 ? 0 : FLASH_MS);
    return () => clearTimeout(timer);
  }, [jump, messenger, t]);

  // What I write brings me to the end, wherever I was.
  const newest = pending.at(-1)?.clientId;
  useEffect(() => {
    if (newest) list.current?.scrollToIndex({ index: "LAST", align: "end" });
  }, [newest]);

  // What cannot be read now is tried again at the next turn of the wheel.
  const readOlder = (): void => void messenger.history.loadOlder(chat.id).catch(() => undefined);
  const toEnd = (): void => list.current?.scrollToIndex({ index: "LAST", align: "end", behavior: "smooth" });
  const missed = isAtEnd || leftAt === null ? 0 : messages.filter((m) => m.seq > leftAt && m.sender !== me && m.kind !== "system").length;

  return (
    <div className="relative h-full">
      <div role="log" aria-live="off" aria-label={t("conversation.messages", { name: title })} className="h-full">
        <Virtuoso<Row, { chat: Chat }>
          ref={list}
          scrollerRef={(element) => {
            scroller.current = element as HTMLElement | null;
          }}
          totalListHeightChanged={stay}
          data={rows}
          context={{ chat }}
          firstItemIndex={FIRST_INDEX - before}
          initialTopMostItemIndex={start}
          computeItemKey={(_, row) => row.key}
          itemContent={(_, row) => <BubbleRow row={row} isGroup={chat.kind === "group"} unread={opened.unread} isFlashing={row.seq !== null && row.seq === jump?.seq} />}
          followOutput={(atEnd) => (atEnd ? "smooth" : false)}
          atBottomThreshold={80}
          atBottomStateChange={(atEnd) => {
            setAtEnd(atEnd);
            if (atEnd) {
              stays.current = true;
              stay();
            }
            setLeftAt(atEnd ? null : (messages.at(-1)?.seq ?? null));
          }}
          rangeChanged={({ startIndex }) => {
            if (startIndex - (FIRST_INDEX - before) < PREFETCH_ROWS) readOlder();
          }}
          startReached={readOlder}
          increaseViewportBy={{ top: 1_200, bottom: 600 }}
          // Rows are measured before they are painted, so that those in view do not twitch while older ones come in.
          skipAnimationFrameInResizeObserver
          defaultItemHeight={46}
          alignToBottom
          components={{ Header: OlderHint, Footer: TypingFooter }}
          className="h-full overscroll-contain"
        />
      </div>
      <button
        type="button"
        onClick={toEnd}
        aria-label={missed > 0 ? t("conversation.jumpUnread", { count: missed }) : t("conversation.jump")}
        tabIndex={isAtEnd ? -1 : 0}
        aria-hidden={isAtEnd}
        className={classes(
          "absolute end-4 bottom-4 flex size-12 items-center justify-center rounded-full bg-raised text-ink-2 shadow-lift transition duration-200",
          isAtEnd ? "pointer-events-none scale-75 opacity-0" : "hover:text-ink",
        )}
      >
        <ArrowDown aria-hidden className="size-5" />
        {missed > 0 && (
          <span className="absolute -top-1.5 flex h-6 min-w-6 items-center justify-center rounded-full bg-accent px-1.5 text-xs font-bold text-on-accent">{missed}</span>
        )}
      </button>
      <Announcer chat={chat} />
    </div>
  );
}

/** Above the oldest message held: that older ones are on their way, or could not be read. */
function OlderHint({ context }: { context?: { chat: Chat } }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const chat = context?.chat.id ?? "";
  const isMore = useStore((state) => hasOlder(state, chat));
  const isOnline = useStore((state) => state.connection === "online");
  // The same height in every case, or what is in view would move when the last page comes in.
  return (
    <div className="flex h-11 items-center justify-center text-ink-2">
      {!isMore ? null : isOnline ? (
        <LoaderCircle aria-hidden className="size-5 animate-spin" />
      ) : (
        <Button look="quiet" size="sm" onClick={() => void messenger.history.loadOlder(chat).catch(() => undefined)}>
          {t("conversation.loadFailed")}
        </Button>
      )}
    </div>
  );
}

/** Three dots where the next message will stand. */
function TypingFooter({ context }: { context?: { chat: Chat } }) {
  const chat = context?.chat.id ?? "";
  const isTyping = useStore((state) => typingIn(state, chat).length > 0);
  return (
    <div className="px-3 pb-3 md:px-[6%]">
      {isTyping && (
        <span aria-hidden className="animate-rise mt-2 inline-flex gap-1 rounded-[1.25rem] rounded-es-md bg-other px-4 py-3.5 shadow-soft">
          {["", "[animation-delay:150ms]", "[animation-delay:300ms]"].map((delay) => (
            <span key={delay} className={classes("animate-dot size-2 rounded-full bg-ink-3", delay)} />
          ))}
        </span>
      )}
    </div>
  );
}

/** Reads each new message out once; the log itself is silent, or scrolling up would read history. */
function Announcer({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const text = useStore(
    useCallback(
      (state: State) => {
        const last = messagesOf(state, chat.id).at(-1);
        if (!last?.sender || last.sender === state.me?.id || Date.now() - Date.parse(last.created_at) > 30_000) return "";
        return `${nameOf(state.users[last.sender])}: ${previewOf(t, last)}`;
      },
      [chat.id, t],
    ),
  );
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}
