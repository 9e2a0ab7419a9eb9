import { Eye, Pause, Play, Send, Trash2, Volume2, VolumeX, X } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState, type FormEvent } from "react";

import type { Status } from "@/api/statuses";
import type { Id } from "@/api/types";
import { useInView, useProgress } from "@/features/statuses/progress";
import { Show } from "@/features/statuses/Show";
import { Viewers } from "@/features/statuses/Viewers";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { statusFeed, type StatusRow } from "@/store/statuses";
import { Avatar } from "@/ui/Avatar";
import { Confirm } from "@/ui/Confirm";
import { Name } from "@/ui/Name";
import { Stage } from "@/ui/Stage";
import { StageButton } from "@/ui/StageButton";
import { classes } from "@/ui/classes";

/** A picture stands so long; words as long as one reads them, within bounds. */
const STILL_MS = 6_000;
const READ_MS_A_CHAR = 60;
const READ_MS_MAX = 16_000;
/** A finger that stays this long holds; a shorter one taps. */
const HOLD_MS = 250;

interface Props {
  user: Id;
  /** Those who follow, in the order of the list when it was opened. */
  order: readonly Id[];
  onGo: (user: Id) => void;
  onClose: () => void;
}

/** What people show, one after the other, on the whole window. */
export function Viewer({ user, order, onGo, onClose }: Props) {
  const { t } = useTranslation();
  const row = useStore((state) => rowsOf(state).find((one) => one.user === user) ?? null);
  const isMine = useStore((state) => state.me?.id === user);
  const name = useStore((state) => nameOf(state.users[user]));
  const shown = useStore((state) => rowsOf(state));

  function leave(direction: 1 | -1): void {
    const at = order.indexOf(user);
    const rest = direction === 1 ? order.slice(at + 1) : order.slice(0, Math.max(0, at)).reverse();
    const next = rest.find((one) => shown.some((other) => other.user === one));
    if (next !== undefined) onGo(next);
    else if (direction === 1 || !row) onClose();
  }

  const isGone = row === null;
  const go = useEffectEvent(leave);
  useEffect(() => {
    if (isGone) go(1);
  }, [isGone, user]);

  return (
    <Stage label={isMine ? t("statuses.viewer.mine") : t("statuses.viewer.label", { name })} onEscape={onClose}>
      {row && <Reel key={user} row={row} name={isMine ? t("statuses.viewer.mine") : name} isMine={isMine} onLeave={leave} onClose={onClose} />}
    </Stage>
  );
}

function rowsOf(state: Parameters<typeof statusFeed>[0]): readonly StatusRow[] {
  const { mine, recent, viewed } = statusFeed(state);
  let rows = known.get(statusFeed(state));
  if (!rows) known.set(statusFeed(state), (rows = [...(mine ? [mine] : []), ...recent, ...viewed]));
  return rows;
}
const known = new WeakMap<object, readonly StatusRow[]>();

interface ReelProps {
  row: StatusRow;
  name: string;
  isMine: boolean;
  onLeave: (direction: 1 | -1) => void;
  onClose: () => void;
}

/** One person's statuses: from the first that I have not seen. */
function Reel({ row, name, isMine, onLeave, onClose }: ReelProps) {
  const { statuses } = row;
  const [at, setAt] = useState(() => {
    const index = Math.max(0, statuses.findIndex((status) => !status.viewed));
    return { index, id: statuses[index]?.id };
  });
  const [isMuted, setMuted] = useState(false);
  const held = statuses.findIndex((status) => status.id === at.id);
  // Taken down, or run out, while one looks: what followed it has its place now.
  const index = held >= 0 ? held : Math.min(at.index, statuses.length - 1);
  const status = statuses[index];
  if (!status) return null;

  function step(direction: 1 | -1): void {
    const next = statuses[index + direction];
    if (next) setAt({ index: index + direction, id: next.id });
    else onLeave(direction);
  }

  return (
    <Slide
      key={status.id}
      status={status}
      index={index}
      count={statuses.length}
      name={name}
      isMine={isMine}
      isMuted={isMuted}
      onMute={setMuted}
      onStep={step}
      onClose={onClose}
    />
  );
}

interface SlideProps {
  status: Status;
  index: number;
  count: number;
  name: string;
  isMine: boolean;
  isMuted: boolean;
  onMute: (isMuted: boolean) => void;
  onStep: (direction: 1 | -1) => void;
  onClose: () => void;
}

function Slide({ status, index, count, name, isMine, isMuted, onMute, onStep, onClose }: SlideProps) {
  const { t } = useTranslation();
  const { statuses } = useMessenger();
  const user = useStore((state) => state.users[status.user]);
  const isInView = useInView();
  // What is still made ready, or never will be, stands for as long as a picture.
  const [isReady, setReady] = useState(status.kind === "text" || !status.media?.url);
  const [seconds, setSeconds] = useState(status.media?.duration ?? null);
  const [isPaused, setPaused] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const [isWriting, setWriting] = useState(false);
  const [dialog, setDialog] = useState<"views" | "delete" | null>(null);
  const isStill = isPaused || isHeld || isWriting || dialog !== null;
  const isRunning = isInView && !isStill;
  const progress = useProgress(lengthOf(status, seconds), isRunning && isReady, () => onStep(1));
  useEffect(() => {
    if (isInView) statuses.view(status.id);
  }, [statuses, status.id, isInView]);

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (dialog !== null || event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).matches("input")) return;
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") onStep(event.key === forward ? 1 : -1);
    else if (event.key === " " && !(event.target as HTMLElement).matches("button")) setPaused((before) => !before);
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);

  return (
    <div className="relative mx-auto flex h-full flex-col">
      <div className="absolute inset-0">
        <Show
          status={status}
          name={name}
          isRunning={isRunning}
          isMuted={isMuted}
          onHush={() => onMute(true)}
          onReady={(ready, length) => {
            setReady(ready);
            if (length !== undefined && Number.isFinite(length)) setSeconds(length);
          }}
          onEnd={() => onStep(1)}
        />
      </div>
      <header className={classes("safe-top relative z-10 bg-linear-to-b from-stage/75 to-transparent px-3 pb-8 text-white transition-opacity", isHeld && "opacity-0")}>
        <div aria-hidden className="mx-auto flex max-w-3xl gap-1 py-3">
          {Array.from({ length: count }, (_, part) => (
            <span key={part} className="h-1 flex-1 overflow-hidden rounded-full bg-white/35">
              <span style={{ width: `${(part < index ? 1 : part > index ? 0 : progress) * 100}%` }} className="block h-full rounded-full bg-white" />
            </span>
          ))}
        </div>
        <div className="mx-auto flex max-w-3xl items-center gap-3">
          <Avatar name={nameOf(user)} seed={status.user} url={user?.avatar_url} size="sm" />
          <span className="min-w-0 flex-1">
            <Name className="leading-tight font-semibold">{name}</Name>
            <time dateTime={status.created_at} className="block text-sm text-white/80">
              {moment(status.created_at, locale())}
              {isMine && ` · ${t("statuses.viewer.ends", { when: moment(status.expires_at, locale()) })}`}
            </time>
          </span>
          <p role="status" className="sr-only">
            {t("statuses.viewer.place", { at: index + 1, count })}
          </p>
          {status.kind === "video" && (
            <StageButton label={t(isMuted ? "statuses.viewer.unmute" : "statuses.viewer.mute")} look="bare" onClick={() => onMute(!isMuted)} className="size-11!">
              {isMuted ? <VolumeX aria-hidden className="size-5.5" /> : <Volume2 aria-hidden className="size-5.5" />}
            </StageButton>
          )}
          <StageButton label={t(isPaused ? "statuses.viewer.play" : "statuses.viewer.pause")} look="bare" onClick={() => setPaused((before) => !before)} className="size-11!">
            {isPaused ? <Play aria-hidden className="size-5.5" /> : <Pause aria-hidden className="size-5.5" />}
          </StageButton>
          <StageButton label={t("statuses.viewer.close")} look="bare" onClick={onClose} className="size-11!">
            <X aria-hidden className="size-6" />
          </StageButton>
        </div>
      </header>
      <div className="relative flex min-h-0 flex-1">
        <Side label={t("statuses.viewer.previous")} onTap={() => onStep(-1)} onHold={setHeld} className="w-1/3" />
        <Side label={t("statuses.viewer.next")} onTap={() => onStep(1)} onHold={setHeld} className="w-2/3" />
      </div>
      <footer className={classes("safe-bottom relative z-10 bg-linear-to-t from-stage/80 to-transparent px-3 pt-8 text-white transition-opacity", isHeld && "opacity-0")}>
        <div className="mx-auto max-w-3xl pb-3">
          {isMine ? (
            <div className="flex items-center justify-center gap-2">
              <button type="button" onClick={() => setDialog("views")} className="flex min-h-12 items-center gap-2 rounded-full bg-stage/60 px-5 font-semibold hover:bg-stage">
                <Eye aria-hidden className="size-5" />
                {t("statuses.viewer.views", { count: status.views_count ?? 0 })}
              </button>
              <StageButton label={t("statuses.viewer.delete")} onClick={() => setDialog("delete")} className="size-12! bg-stage/60!">
                <Trash2 aria-hidden className="size-5" />
              </StageButton>
            </div>
          ) : (
            <Reply status={status} name={name} onWriting={setWriting} />
          )}
        </div>
      </footer>
      {dialog === "views" && <Viewers status={status.id} onClose={() => setDialog(null)} />}
      {dialog === "delete" && (
        <Confirm
          title={t("statuses.viewer.deleteTitle")}
          text={t("statuses.viewer.deleteText")}
          confirm={t("statuses.viewer.delete")}
          cancel={t("common.cancel")}
          close={t("common.close")}
          isDanger
          onConfirm={() => statuses.remove(status.id)}
          onClose={() => setDialog(null)}
          problem={(error) => errorText(t, error)}
        />
      )}
    </div>
  );
}

function lengthOf(status: Status, seconds: number | null): number {
  if (status.kind === "text") return Math.min(READ_MS_MAX, Math.max(STILL_MS, (status.text ?? "").length * READ_MS_A_CHAR));
  return status.kind === "video" && seconds ? seconds * 1000 : STILL_MS;
}

interface SideProps {
  label: string;
  onTap: () => void;
  onHold: (isHeld: boolean) => void;
  className: string;
}

/** A part of the picture: a tap goes on or back, a finger that stays holds the time. */
function Side({ label, onTap, onHold, className }: SideProps) {
  const since = useRef(0);
  const wasHeld = useRef(false);
  const release = (event: React.PointerEvent): void => {
    if (since.current === 0) return;
    wasHeld.current = event.timeStamp - since.current >= HOLD_MS;
    since.current = 0;
    onHold(false);
  };
  return (
    <button
      type="button"
      aria-label={label}
      onPointerDown={(event) => {
        since.current = event.timeStamp;
        onHold(true);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerLeave={release}
      onContextMenu={(event) => event.preventDefault()}
      onClick={() => {
        if (!wasHeld.current) onTap();
        wasHeld.current = false;
      }}
      className={classes("h-full cursor-default touch-none rounded-none -outline-offset-4 select-none", className)}
    />
  );
}

function Reply({ status, name, onWriting }: { status: Status; name: string; onWriting: (isWriting: boolean) => void }) {
  const { t } = useTranslation();
  const { statuses } = useMessenger();
  const [text, setText] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [note, setNote] = useState<{ text: string; isProblem: boolean } | null>(null);
  const box = useRef<HTMLInputElement>(null);

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (text.trim() === "" || isBusy) return;
    setBusy(true);
    try {
      await statuses.reply(status.id, text.trim());
      setText("");
      setNote({ text: t("statuses.viewer.replied", { name }), isProblem: false });
      box.current?.blur();
    } catch (error) {
      setNote({ text: errorText(t, error), isProblem: true });
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void send(event)} className="space-y-2">
      {note && (
        <p role={note.isProblem ? "alert" : "status"} className="mx-auto w-fit rounded-full bg-stage/80 px-4 py-1.5 text-sm">
          {note.text}
        </p>
      )}
      <div className="flex items-center gap-2">
        <input
          ref={box}
          dir="auto"
          aria-label={t("statuses.viewer.reply", { name })}
          placeholder={t("statuses.viewer.reply", { name })}
          value={text}
          onFocus={() => onWriting(true)}
          onBlur={() => onWriting(text !== "")}
          onChange={(event) => {
            setText(event.target.value);
            setNote(null);
          }}
          className="h-12 min-w-0 flex-1 rounded-full bg-stage/70 px-5 outline-offset-2 placeholder:text-white/80"
        />
        <StageButton type="submit" label={t("statuses.viewer.send")} look={text.trim() === "" ? "plain" : "good"} disabled={text.trim() === "" || isBusy} className="size-12!">
          <Send aria-hidden className="size-5 rtl:-scale-x-100" />
        </StageButton>
      </div>
    </form>
  );
}
