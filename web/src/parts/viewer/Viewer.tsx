import { ChevronLeft, ChevronRight, Download, MessageSquareText, X, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";

import type { Id, Medium, Message } from "@/api/types";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { player } from "@/media/player";
import { Blur, useRenewed } from "@/parts/Picture";
import { Zoom } from "@/parts/viewer/zoom";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { classes } from "@/ui/classes";

/** A picture or film with the message that shows it. */
interface Shown {
  message: Message;
  medium: Medium;
}

interface Props {
  title: string;
  /** Whose pictures are gone through, oldest first. */
  messages: readonly Message[];
  /** Reads what lies before them; absent where there is nothing more. */
  onMore?: (() => void) | undefined;
  /** Where it begins. */
  at: { seq: number; medium: Id };
  /** Shows the message in its chat. */
  onShow: (seq: number) => void;
  onClose: () => void;
}

const SWIPE_PX = 60;

/** Pictures and films of a chat, one at a time on the whole screen. */
export function Viewer({ title, messages, onMore, at, onShow, onClose }: Props) {
  const { t } = useTranslation();
  const all = useMemo(() => shownOf(messages), [messages]);
  const [current, setCurrent] = useState(at);
  const index = all.findIndex(({ message, medium }) => message.seq === current.seq && medium.id === current.medium);
  const shown = all[index];
  const dialog = useRef<HTMLDialogElement>(null);
  const start = useRef<{ x: number; y: number } | null>(null);
  const [isZoomed, setZoomed] = useState(false);
  const [zoom] = useState(() => new Zoom(setZoomed));

  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    player.stop();
    return () => box?.close();
  }, []);
  const isGone = shown === undefined;
  useEffect(() => {
    // Deleted, or run out, while it was looked at.
    if (isGone) onClose();
  }, [isGone, onClose]);
  useEffect(() => {
    // What lies before is read when one comes near to it.
    if (index === 0) onMore?.();
  }, [index, onMore, all.length]);

  if (!shown) return null;
  const { message, medium } = shown;

  function go(step: number): void {
    const next = all[index + step];
    if (next) setCurrent({ seq: next.message.seq, medium: next.medium.id });
  }

  function onKeyDown(event: KeyboardEvent): void {
    // A film's own controls take the arrows for themselves.
    if (event.target instanceof HTMLVideoElement && event.key.startsWith("Arrow")) return;
    const isRtl = document.documentElement.dir === "rtl";
    if (event.key === "ArrowLeft") go(isRtl ? 1 : -1);
    else if (event.key === "ArrowRight") go(isRtl ? -1 : 1);
    else if (event.key === "+" || event.key === "=") zoom.by(1.5);
    else if (event.key === "-") zoom.by(1 / 1.5);
    else if (event.key === "0") zoom.reset();
    else return;
    event.preventDefault();
  }

  const swipe = {
    onPointerDown: (event: PointerEvent) => {
      start.current = isZoomed || !event.isPrimary || event.target instanceof HTMLVideoElement ? null : { x: event.clientX, y: event.clientY };
    },
    onPointerUp: (event: PointerEvent) => {
      const from = start.current;
      start.current = null;
      if (!from || isZoomed) return;
      const dx = event.clientX - from.x;
      const dy = event.clientY - from.y;
      if (Math.abs(dx) > SWIPE_PX && Math.abs(dx) > Math.abs(dy)) go(dx < 0 ? 1 : -1);
      else if (dy > SWIPE_PX * 1.5 && dy > Math.abs(dx)) onClose();
    },
  };

  return (
    // The keys work wherever the focus is inside of it; Escape is the browser's own.
    <dialog
      ref={dialog}
      aria-label={t("viewer.title", { name: title })}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-0 h-dvh max-h-none w-screen max-w-none bg-black/95 text-white"
    >
      <div className="flex h-full flex-col">
        <header className="safe-top flex shrink-0 items-center gap-1 px-2 py-2 md:px-4">
          <Tool label={t("viewer.close")} onClick={onClose}>
            <X aria-hidden className="size-6" />
          </Tool>
          <Who message={message} />
          {medium.kind === "image" && (
            <Tool label={t(isZoomed ? "viewer.zoomOut" : "viewer.zoomIn")} onClick={zoom.toggle}>
              {isZoomed ? <ZoomOut aria-hidden className="size-5.5" /> : <ZoomIn aria-hidden className="size-5.5" />}
            </Tool>
          )}
          <Tool
            label={t("viewer.show")}
            onClick={() => {
              onClose();
              onShow(message.seq);
            }}
          >
            <MessageSquareText aria-hidden className="size-5.5" />
          </Tool>
          {medium.url && (
            <a href={medium.url} download={medium.name} aria-label={t("viewer.download")} title={t("viewer.download")} className={TOOL}>
              <Download aria-hidden className="size-5.5" />
            </a>
          )}
        </header>
        <div {...swipe} className="relative min-h-0 flex-1 touch-none overflow-hidden select-none">
          <Stage key={medium.id} medium={medium} zoom={zoom} isZoomed={isZoomed} />
          <Turn side="start" label={t("viewer.previous")} isHidden={index <= 0} onClick={() => go(-1)} />
          <Turn side="end" label={t("viewer.next")} isHidden={index >= all.length - 1} onClick={() => go(1)} />
        </div>
        {message.text && (
          <p dir="auto" className="safe-bottom max-h-[25dvh] shrink-0 overflow-y-auto px-6 py-4 text-center whitespace-pre-wrap wrap-anywhere">
            {message.text}
          </p>
        )}
      </div>
    </dialog>
  );
}

function shownOf(messages: readonly Message[]): Shown[] {
  return messages.flatMap((message) =>
    message.deleted_at ? [] : (message.attachments ?? []).filter((medium) => medium.url && (medium.kind === "image" || medium.kind === "video") && message.kind !== "file").map((medium) => ({ message, medium })),
  );
}

const TOOL = "inline-flex size-11 shrink-0 items-center justify-center rounded-full text-white/85 transition hover:bg-white/15 hover:text-white focus-visible:outline-white";

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className={TOOL}>
      {children}
    </button>
  );
}

function Turn({ side, label, isHidden, onClick }: { side: "start" | "end"; label: string; isHidden: boolean; onClick: () => void }) {
  if (isHidden) return null;
  const Icon = side === "start" ? ChevronLeft : ChevronRight;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className={classes(
        "absolute top-1/2 flex size-12 -translate-y-1/2 items-center justify-center rounded-full bg-white/15 text-white transition hover:bg-white/25 focus-visible:outline-white pointer-coarse:hidden",
        side === "start" ? "start-4" : "end-4",
      )}
    >
      <Icon aria-hidden className="size-6 rtl:-scale-x-100" />
    </button>
  );
}

function Who({ message }: { message: Message }) {
  const { t } = useTranslation();
  const name = useStore((state) => (message.sender === state.me?.id ? t("viewer.you") : nameOf(state.users[message.sender ?? ""]) || t("system.someone")));
  return (
    <p className="min-w-0 flex-1 px-1 leading-tight">
      <span dir="auto" className="block truncate font-semibold">
        {name}
      </span>
      <time dateTime={message.created_at} className="block truncate text-sm text-white/70">
        {moment(message.created_at, locale())}
      </time>
    </p>
  );
}

function touchOf({ pointerId: id, clientX: x, clientY: y }: PointerEvent): { id: number; x: number; y: number } {
  return { id, x, y };
}

function Stage({ medium, zoom, isZoomed }: { medium: Medium; zoom: Zoom; isZoomed: boolean }) {
  const { t } = useTranslation();
  const { tries, isBroken, onError, retry } = useRenewed();
  const [isThere, setThere] = useState(false);
  const { attach } = zoom;
  if (!medium.url) return null;
  if (isBroken) {
    return (
      <div role="alert" className="flex h-full flex-col items-center justify-center gap-3">
        {t("media.broken")}
        <button type="button" onClick={retry} className="rounded-full bg-white/15 px-4 py-2 font-semibold hover:bg-white/25">
          {t("media.reload")}
        </button>
      </div>
    );
  }
  if (medium.kind === "video") {
    return (
      // People's own films have no captions.
      // eslint-disable-next-line jsx-a11y/media-has-caption
      <video key={tries} src={medium.url} poster={medium.thumbnail_url ?? undefined} controls autoPlay playsInline onError={onError} aria-label={t("media.video")} className="size-full object-contain" />
    );
  }
  return (
    <div
      onDoubleClick={zoom.toggle}
      onPointerDown={(event) => zoom.down(touchOf(event))}
      onPointerMove={(event) => zoom.move(touchOf(event))}
      onPointerUp={(event) => zoom.up(touchOf(event))}
      onPointerCancel={(event) => zoom.up(touchOf(event))}
      onPointerLeave={(event) => zoom.up(touchOf(event))}
      className="relative flex size-full items-center justify-center"
    >
      {!isThere && medium.blurhash && medium.width && medium.height && (
        <span className="relative block max-h-full w-full max-w-3xl overflow-hidden opacity-60" style={{ aspectRatio: `${medium.width} / ${medium.height}` }}>
          <Blur hash={medium.blurhash} />
        </span>
      )}
      <img
        key={tries}
        ref={attach}
        src={medium.url}
        alt={t("media.photo")}
        draggable={false}
        onLoad={() => setThere(true)}
        onError={onError}
        className={classes("absolute inset-0 m-auto max-h-full max-w-full object-contain", isZoomed ? "cursor-grab" : "cursor-zoom-in")}
      />
    </div>
  );
}
