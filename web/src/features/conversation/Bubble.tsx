import type { TFunction } from "i18next";
import { Forward, Pin, Star, Timer } from "lucide-react";
import { memo, useCallback, useRef, type MouseEvent, type PointerEvent, type ReactNode } from "react";

import type { Medium, Message } from "@/api/types";
import { useActions } from "@/features/conversation/actions";
import { Content } from "@/features/conversation/Content";
import { isVisual, mediaOf, widthOf } from "@/features/conversation/media/box";
import { Reactions } from "@/features/conversation/Reactions";
import type { Row } from "@/features/conversation/rows";
import { en } from "@/i18n/en";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { bucket, isOnlyEmoji } from "@/lib/text";
import { clockTime, dayName } from "@/lib/time";
import { isTouch } from "@/lib/touch";
import { useMessenger } from "@/messenger/react";
import { Preview } from "@/parts/preview";
import { useStore } from "@/store/react";
import { nameOf, statusOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Ticks, type TickKind } from "@/ui/Ticks";
import { classes } from "@/ui/classes";

interface Props {
  row: Row;
  isGroup: boolean;
  unread: number;
  /** It was jumped to: it lights up for a moment. */
  isFlashing: boolean;
}

/** One row: the day or the unread line before it where one begins, then the bubble. */
export const BubbleRow = memo(function BubbleRow({ row, isGroup, unread, isFlashing }: Props) {
  const { t } = useTranslation();
  const { message, pending, isOwn } = row;
  return (
    <div data-row className={classes("px-3 md:px-[6%]", row.isFirst ? "pt-2.5" : "pt-0.5", isFlashing && "animate-flash")}>
      {row.day && <Pill>{dayName(row.day, locale())}</Pill>}
      {row.isDivider && (
        <div role="separator" className="my-3 flex items-center gap-3 text-sm font-semibold text-accent-strong before:h-px before:flex-1 before:bg-accent/40 after:h-px after:flex-1 after:bg-accent/40">
          {t("conversation.unread", { count: unread })}
        </div>
      )}
      {message?.kind === "system" ? (
        <Pill>
          <Preview message={message} />
        </Pill>
      ) : (
        <div className={classes("group/row flex items-end gap-1.5", isOwn ? "justify-end" : "justify-start")}>
          {isGroup && !isOwn && <span className="w-8 shrink-0">{row.isLast && message?.sender && <SenderPicture id={message.sender} />}</span>}
          {isOwn && message && !message.deleted_at && <Tools message={message} />}
          <div className={classes("flex max-w-[85%] min-w-0 flex-col lg:max-w-[68%]", isOwn ? "items-end" : "items-start")}>
            <Bubble row={row} isGroup={isGroup} />
            {message && !message.deleted_at && <Reactions message={message} />}
          </div>
          {!isOwn && message && !message.deleted_at && <Tools message={message} />}
        </div>
      )}
      {pending?.state === "failed" && <Failed row={row} />}
    </div>
  );
});

function Pill({ children }: { children: ReactNode }) {
  return (
    <div className="my-3 flex justify-center">
      <span className="max-w-[85%] rounded-full bg-surface/90 px-3.5 py-1 text-center text-xs font-semibold text-ink-2 shadow-soft wrap-anywhere">{children}</span>
    </div>
  );
}

/** Beside the bubble under the mouse, or with the keyboard's focus: react, and all else. */
function Tools({ message }: { message: Message }) {
  const { t } = useTranslation();
  const actions = useActions();
  // A finger presses the bubble itself. Where a mouse is taken away later, the style hides them.
  if (isTouch()) return null;
  const tool = "flex size-8 items-center justify-center rounded-full bg-surface/80 text-ink-2 hover:text-ink";
  const beside = (open: (message: Message, anchor: DOMRect) => void) => (event: MouseEvent<HTMLElement>) => open(message, event.currentTarget.getBoundingClientRect());
  return (
    <span className="flex shrink-0 gap-1 self-center opacity-0 transition-opacity pointer-coarse:hidden group-hover/row:opacity-100 focus-within:opacity-100">
      <button type="button" aria-label={t("message.react")} title={t("message.react")} aria-haspopup="dialog" onClick={beside(actions.openPicker)} className={classes("group-hover/row:tool-react group-focus-within/row:tool-react", tool)} />
      <button type="button" aria-label={t("message.menu")} title={t("message.menu")} aria-haspopup="menu" onClick={beside(actions.openMenu)} className={classes("group-hover/row:tool-menu group-focus-within/row:tool-menu", tool)} />
    </span>
  );
}

/** The frame of a bubble around pictures, both sides. */
const FRAME_PX = 8;
const LONG_PRESS_MS = 450;
const STEADY_PX = 10;

/** A long press, or the other mouse button, opens the menu where it happens. */
function usePress(message: Message | null) {
  const { openMenu } = useActions();
  const wasOpened = useRef(false);
  const held = useRef<{ timer: number; x: number; y: number } | null>(null);
  const end = (): void => {
    clearTimeout(held.current?.timer);
    held.current = null;
  };
  if (!message || message.deleted_at) return {};
  const open = (x: number, y: number): void => {
    end();
    openMenu(message, new DOMRect(x, y, 0, 0));
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      wasOpened.current = false;
      if (event.pointerType !== "touch") return;
      const { clientX: x, clientY: y } = event;
      held.current = {
        x,
        y,
        timer: window.setTimeout(() => {
          wasOpened.current = true;
          open(x, y);
        }, LONG_PRESS_MS),
      };
    },
    onPointerMove: (event: PointerEvent) => {
      const at = held.current;
      if (at && Math.hypot(event.clientX - at.x, event.clientY - at.y) > STEADY_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    // The click that ends a long press is none.
    onClickCapture: (event: MouseEvent) => {
      if (!wasOpened.current) return;
      wasOpened.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
    onContextMenu: (event: MouseEvent) => {
      // Links and marked text keep the browser's own menu.
      if ((event.target as HTMLElement).closest("a") || String(getSelection())) return;
      event.preventDefault();
      open(event.clientX, event.clientY);
    },
  };
}

function Bubble({ row, isGroup }: { row: Row; isGroup: boolean }) {
  const { message, pending, isOwn } = row;
  const press = usePress(message);
  const text = message?.text ?? pending?.text ?? "";
  const kind = message?.kind ?? pending?.kind ?? "text";
  const isFramed = !message?.deleted_at && isVisual(kind);
  const width = isFramed ? widthOf(kind, mediaOf(message, pending)) : null;
  const isLarge = !message?.deleted_at && kind === "text" && !message?.reply_to && isOnlyEmoji(text);
  return (
    <div
      {...press}
      style={width === null ? undefined : { width: width + FRAME_PX }}
      className={classes(
        isFramed ? "p-1" : "px-3.5 py-2",
        "relative max-w-full min-w-0 rounded-[1.25rem] wrap-anywhere pointer-coarse:select-none",
        !isLarge && "shadow-soft",
        !isLarge && (isOwn ? "bg-own" : "bg-other"),
        // The corner towards the writer closes the last bubble of a run.
        row.isLast && !isLarge && (isOwn ? "rounded-ee-md" : "rounded-es-md"),
        !row.isFirst && !isLarge && (isOwn ? "rounded-se-lg" : "rounded-ss-lg"),
      )}
    >
      <span className={isFramed ? "block px-2 empty:hidden" : "contents"}>
        {isGroup && !isOwn && row.isFirst && message?.sender && <SenderName id={message.sender} />}
        {message?.forwarded && !message.deleted_at && <ForwardedMark isOften={message.forwarded_often === true} />}
      </span>
      <Content message={message} pending={pending} text={text} isLarge={isLarge} />
      <Meta row={row} place={metaPlaceOf(kind, mediaOf(message, pending), text, isLarge)} />
    </div>
  );
}

function ForwardedMark({ isOften }: { isOften: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="flex items-center gap-1 text-xs text-ink-2 italic">
      <Forward aria-hidden className="size-3.5" />
      {t(isOften ? "message.forwardedOften" : "message.forwarded")}
    </span>
  );
}

interface MetaProps {
  row: Row;
  place: keyof typeof metaPlaces;
}

/** Where the time stands: after the words, under large emoji, under a picture's words, on the picture, beside what a file says of itself. */
const metaPlaces = {
  after: "float-end ms-3 mt-1.5 -mb-0.5 text-ink-2",
  under: "justify-end pt-1 text-ink-2",
  caption: "float-end ms-3 me-2.5 mb-1 text-ink-2",
  over: "pointer-events-none absolute end-2.5 bottom-2.5 z-10 rounded-full bg-black/55 px-2 py-0.5 text-white",
  beside: "float-end ms-3 -mt-4.5 pb-0.5 text-ink-2",
} as const;

function metaPlaceOf(kind: string, media: readonly Medium[], text: string, isLarge: boolean): keyof typeof metaPlaces {
  if (isLarge) return "under";
  if (isVisual(kind) && media.length > 0) return text ? "caption" : "over";
  const isFile = media.length > 0 && media.at(-1)?.state !== "rejected";
  return isFile && !text ? "beside" : "after";
}

/** In the corner: what was done to it, when it was sent, how far it got. */
function Meta({ row, place }: MetaProps) {
  const { t } = useTranslation();
  const { message, pending, isOwn } = row;
  const at = message?.created_at ?? pending?.createdAt ?? "";
  const isThere = !message?.deleted_at;
  return (
    <span className={classes("flex items-center gap-1 text-[0.7rem] leading-4 select-none", metaPlaces[place])}>
      {isThere && message?.expires_at && <Timer aria-hidden className="size-3" />}
      {isThere && message?.pinned && <Pin role="img" aria-label={t("message.pinned")} className="size-3" />}
      {isThere && message?.starred && <Star role="img" aria-label={t("message.starred")} className="size-3 fill-current" />}
      {isThere && message?.edited_at && <span>{t("conversation.edited")}</span>}
      <time dateTime={at}>{clockTime(at, locale())}</time>
      {isOwn && isThere && <RowTicks row={row} />}
    </span>
  );
}

const tints = ["name-0", "name-1", "name-2", "name-3", "name-4", "name-5", "name-6", "name-7"] as const;

function SenderName({ id }: { id: string }) {
  const { t } = useTranslation();
  const name = useStore((state) => nameOf(state.users[id]));
  return (
    <span dir="auto" className={classes("block text-sm font-bold", tints[bucket(id, tints.length)])}>
      {name || t("system.someone")}
    </span>
  );
}

function SenderPicture({ id }: { id: string }) {
  const user = useStore((state) => state.users[id]);
  return <Avatar name={nameOf(user)} seed={id} url={user?.avatar_url} size="xs" />;
}

function RowTicks({ row }: { row: Row }) {
  const { t } = useTranslation();
  const { message, pending } = row;
  const kind = useStore(
    useCallback(
      (state: State): TickKind => {
        if (pending) return pending.state === "queued" ? "sending" : pending.state;
        return (message && statusOf(state, message)) ?? "sent";
      },
      [message, pending],
    ),
  );
  return <Ticks kind={kind} label={t(`ticks.${kind}`)} />;
}

/** Why a message was not sent. */
function failureText(t: TFunction, code: string | null): string {
  if (code === "chat_closed") return t("conversation.failedClosed");
  if (code === "chat_read_only") return t("conversation.failedReadOnly");
  const isKnown = code !== null && code in en.errors.codes;
  return isKnown ? `${t("conversation.failed")} ${t(`errors.codes.${code as keyof typeof en.errors.codes}`)}` : t("conversation.failed");
}

function Failed({ row }: { row: Row }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const { pending } = row;
  if (!pending) return null;
  const { error } = pending;
  return (
    <div role="alert" className="flex flex-wrap items-center justify-end gap-x-1 pt-1 text-sm text-danger">
      {failureText(t, error)}
      <Button look="quiet" size="sm" onClick={() => messenger.outbox.retry(pending.clientId)}>
        {t("conversation.retry")}
      </Button>
      <Button look="quiet" size="sm" onClick={() => messenger.outbox.discard(pending.clientId)}>
        {t("conversation.discard")}
      </Button>
    </div>
  );
}
