import { ArrowDown, LoaderCircle } from "lucide-react";
import { startTransition, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type Ref } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";

import type { Chat, Id } from "@/api/types";
import { BubbleRow } from "@/features/conversation/Bubble";
import { rowsOf, type Row } from "@/features/conversation/rows";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { previewOf } from "@/parts/preview";
import { shallowEqual, useStore } from "@/store/react";
import { hasOlder, messagesOf, nameOf, pendingOf, typingIn } from "@/store/selectors";
import type { State } from "@/store/state";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/Toaster";
import { classes } from "@/ui/classes";

/** Older messages are asked for so many rows before the first one comes into view. */
const PREFETCH_ROWS = 30;
/** Rows drawn beyond what is seen, as soon as that has been drawn. */
const AHEAD_PX = 800;
/** So many of the last rows are drawn at the end before it is known how many are seen, so that the first paint shows them. */
const FIRST_ROWS = 16;
/** So many stay drawn there: what comes in scrolls it down, and that alone would take those above away each time. */
const KEPT_ROWS = 40;
/** What stands above the first row: {@link OlderHint}. */
const HINT_PX = 44;
/** So near the end the newest message counts as seen. */
const NEAR_END_PX = 80;
/** Nearer to the end than this is at the end: positions are fractions of a pixel. */
const AT_END_PX = 2;
/** Further down than any list goes. */
const BEYOND_PX = 1e9;
const FLASH_MS = 1_900;

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
  const list = useRef<VirtualizerHandle>(null);
  const me = useStore((state) => state.me?.id);
  const messages = useStore(useCallback((state: State) => messagesOf(state, chat.id), [chat.id]));
  const pending = useStore(useCallback((state: State) => pendingOf(state, chat.id), [chat.id]), shallowEqual);
  // Of more unread than were read back, the first is not among what is held: the line waits until it is.
  const isDivided = useStore((state) => opened.unread > 0 && (state.logs[chat.id]?.from ?? Infinity) <= opened.seen + 1);
  const rows = useMemo(() => rowsOf(messages, pending, me, isDivided ? opened.seen : null), [messages, pending, me, isDivided, opened]);
  const jump = useStore((state) => (state.jump?.chat === chat.id ? state.jump : null));
  const [isAtEnd, setAtEnd] = useState(true);
  const [leftAt, setLeftAt] = useState<number | null>(null);

  const [start] = useState(() => {
    const wanted = jump === null ? -1 : rows.findIndex((row) => row.seq === jump.seq);
    if (wanted >= 0) return wanted;
    const divider = rows.findIndex((row) => row.isDivider);
    return divider > 0 ? divider : null;
  });

  // Who is at the end stays there when something takes room: a bar above, a picture, a reaction.
  const scroller = useRef<HTMLDivElement>(null);
  const footer = useRef<HTMLDivElement>(null);
  const stays = useRef(start === null);
  const settle = useRef(() => undefined as void);
  const look = useRef(() => undefined as void);
  const stay = useCallback(() => {
    const box = scroller.current;
    if (stays.current && box) box.scrollTop = box.scrollHeight;
  }, []);
  // Rows have their places once they are measured, which is before the first paint: until then nothing
  // is seen of them, or browsers would take it for a shift of the page.
  const isMeasured = useRef(false);
  const measured = useCallback(() => {
    isMeasured.current = true;
    if (scroller.current) scroller.current.style.visibility = "";
    stay();
  }, [stay]);
  useLayoutEffect(() => {
    const [box, below] = [scroller.current, footer.current];
    if (!box || !below) return;
    // Not again where React lets effects run once more: the sizes are known, and nobody tells them twice.
    if (!isMeasured.current) box.style.visibility = "hidden";
    if (start === null) stay();
    else list.current?.scrollToIndex(start, { align: "center" });
    const observer = new ResizeObserver(stay);
    observer.observe(box);
    observer.observe(below);
    // Also while so much comes in that every turn of the wheel meets a change of size.
    const stop = onGoingUp(
      box,
      () => {
        if (box.scrollTop > 0) stays.current = false;
      },
      () => requestAnimationFrame(() => look.current()),
    );
    return () => {
      observer.disconnect();
      stop();
    };
  }, [start, stay]);

  // What cannot be read now is tried again at the next turn of the wheel.
  const readOlder = useCallback(() => {
    const box = scroller.current;
    if (box && list.current && list.current.findItemIndex(box.scrollTop) < PREFETCH_ROWS) messenger.history.loadOlder(chat.id).catch(() => undefined);
  }, [messenger, chat.id]);

  const [ahead, setAhead] = useState(0);
  useEffect(() => afterPaint(() => startTransition(() => setAhead(AHEAD_PX))), []);

  const keeps = !isAtEnd ? 0 : ahead > 0 ? KEPT_ROWS : start === null ? FIRST_ROWS : 0;
  const kept = useMemo(() => lastOf(rows.length, keeps), [rows.length, keeps]);

  const last = useRef({ top: 0, height: 0 });
  const locate = (): void => {
    const box = scroller.current;
    if (!box) return;
    const { scrollTop: top, scrollHeight: height } = box;
    const below = height - box.clientHeight - top;
    if (below < AT_END_PX) stays.current = true;
    // Up while nothing changed its size: somebody has moved it, not the layout.
    else if (top < last.current.top && height === last.current.height) stays.current = false;
    else stay();
    last.current = { top, height };
    const isNear = stays.current || below < NEAR_END_PX;
    if (isNear !== isAtEnd) {
      setAtEnd(isNear);
      setLeftAt(isNear ? null : (messages.at(-1)?.seq ?? null));
    }
  };
  const follow = (): void => {
    locate();
    readOlder();
  };
  // Where a chat is opened, or a message is jumped to, without that anything has to move, nothing
  // scrolls either: being at its end shows once it stands. While new rows keep coming the list goes back
  // to where it was sent last with each of them, so it is sent to the end.
  useEffect(() => {
    look.current = locate;
    settle.current = () => {
      locate();
      if (stays.current) list.current?.scrollTo(BEYOND_PX);
    };
  });
  useEffect(() => {
    if (start === null) return;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => settle.current());
    });
    return () => cancelAnimationFrame(frame);
  }, [start]);

  // Rows that come in above are told apart from those below: what is in view keeps its place in both cases.
  const [shown, setShown] = useState({ rows, isShifted: false });
  if (shown.rows !== rows) setShown({ rows, isShifted: shown.rows[0]?.key !== rows[0]?.key });
  useEffect(readOlder, [rows, readOlder]);

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
      list.current?.scrollToIndex(index, { align: "center" });
    }
    // Also when the chat has been left by then, or it would open there the next time.
    setTimeout(
      () => {
        messenger.history.shown(jump);
        settle.current();
      },
      index < 0 ? 0 : FLASH_MS,
    );
  }, [jump, messenger, t]);

  // What I write brings me to the end, wherever I was.
  const newest = pending.at(-1)?.clientId;
  const toEnd = useCallback(() => {
    stays.current = true;
    stay();
  }, [stay]);
  useLayoutEffect(() => {
    if (newest) toEnd();
  }, [newest, toEnd]);

  const missed = isAtEnd || leftAt === null ? 0 : messages.filter((m) => m.seq > leftAt && m.sender !== me && m.kind !== "system").length;

  return (
    <div className="relative h-full">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t("conversation.messages", { name: title })}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by the keyboard
        tabIndex={0}
        onScroll={follow}
        className="flex h-full flex-col overflow-y-auto overscroll-contain"
      >
        <div className="grow" />
        <OlderHint chat={chat.id} />
        <Virtualizer ref={list} data={rows} shift={shown.isShifted} startMargin={HINT_PX} bufferSize={ahead} keepMounted={kept} onResize={measured}>
          {(row: Row) => <BubbleRow key={row.key} row={row} isGroup={chat.kind === "group"} unread={opened.unread} isFlashing={row.seq !== null && row.seq === jump?.seq} />}
        </Virtualizer>
        <TypingFooter ref={footer} chat={chat.id} />
      </div>
      <button
        type="button"
        onClick={() => {
          // Or the chat would open at what was jumped to when it is left and opened again.
          if (jump) messenger.history.shown(jump);
          toEnd();
        }}
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

/** The last `count` indexes of so many. */
function lastOf(length: number, count: number): number[] {
  const from = Math.max(0, length - count);
  return Array.from({ length: length - from }, (_, n) => from + n);
}

/** Calls `then` once something has been drawn; answers how to call that off. */
function afterPaint(then: () => void): () => void {
  let timer: number | undefined;
  const frame = requestAnimationFrame(() => {
    timer = window.setTimeout(then);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

const UP_KEYS = ["ArrowUp", "PageUp", "Home"];

/** Calls `leave` when somebody goes up by wheel, finger or key, and `lift` with the finger, which may have moved something else; answers how to end that. */
function onGoingUp(box: HTMLElement, leave: () => void, lift: () => void): () => void {
  const until = new AbortController();
  const options = { passive: true, signal: until.signal };
  let finger = 0;
  const byWheel = ({ deltaY, ctrlKey }: WheelEvent): void => {
    if (deltaY < 0 && !ctrlKey) leave();
  };
  const byKey = ({ key, shiftKey, altKey, ctrlKey, target }: KeyboardEvent): void => {
    const isUp = UP_KEYS.includes(key) || (key === " " && shiftKey && target === box);
    // With these another chat or another of the browser's tabs is gone to.
    const isElsewhere = altKey || (ctrlKey && key === "PageUp");
    if (isUp && !isElsewhere && !(target instanceof HTMLInputElement)) leave();
  };
  const byFinger = ({ type, touches }: TouchEvent): void => {
    const y = touches[0]?.clientY ?? 0;
    if (type === "touchmove" && touches.length === 1 && y > finger) leave();
    finger = y;
  };
  box.addEventListener("wheel", byWheel, options);
  box.addEventListener("keydown", byKey, options);
  box.addEventListener("touchstart", byFinger, options);
  box.addEventListener("touchmove", byFinger, options);
  box.addEventListener("touchend", lift, options);
  box.addEventListener("touchcancel", lift, options);
  return () => until.abort();
}

/** Above the oldest message held: that older ones are on their way, or could not be read. */
function OlderHint({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const isMore = useStore((state) => hasOlder(state, chat));
  const isOnline = useStore((state) => state.connection === "online");
  // The same height in every case, or what is in view would move when the last page comes in.
  return (
    <div className="flex h-11 shrink-0 items-center justify-center text-ink-2">
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
function TypingFooter({ ref, chat }: { ref: Ref<HTMLDivElement>; chat: Id }) {
  const isTyping = useStore((state) => typingIn(state, chat).length > 0);
  return (
    <div ref={ref} className="shrink-0 px-3 pb-3 md:px-[6%]">
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
