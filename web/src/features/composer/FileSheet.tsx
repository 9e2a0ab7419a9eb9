import { Clock, FileText, LoaderCircle, Music, Plus, SendHorizontal, X } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { getLimits } from "@/api/server";
import type { Id } from "@/api/types";
import { admit } from "@/features/composer/admit";
import { FileInput } from "@/features/composer/FileInput";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { fileSize, suffix } from "@/lib/size";
import { countdown } from "@/lib/time";
import { isVisual, outgoingOf, untouched, type Outgoing } from "@/media/outgoing";
import { useMessenger } from "@/messenger/react";
import { useBlobUrl } from "@/parts/local";
import { IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Lazily, lazily } from "@/ui/Lazily";
import { Switch } from "@/ui/Switch";
import { classes } from "@/ui/classes";

const readLater = () => import("@/features/composer/LaterDialog").then((m) => m.LaterDialog);
const LaterDialog = lazily(readLater);

/** What the server takes in one message where it could not be asked. */
const ROOM = 10;
const CAPTION_MAX = 10_000;

interface Props {
  chat: Id;
  /** What was chosen; more may come while it is open. */
  files: readonly File[];
  /** Chosen to go as files, whatever they are; one may think again. */
  isUntouched: boolean;
  /** What stood in the composer becomes the caption. */
  text: string;
  onMore: (files: File[]) => void;
  onSent: () => void;
  onClose: () => void;
}

/** Files before they are sent: what they are, with words to them. What cannot be sent is said at once. */
export function FileSheet({ chat, files, isUntouched: isUntouchedFirst, text, onMore, onSent, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [items, setItems] = useState<readonly Outgoing[]>([]);
  const [selected, setSelected] = useState<string | null>(null);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [caption, setCaption] = useState(text);
  const [isUntouched, setUntouched] = useState(isUntouchedFirst);
  const [isLooking, setLooking] = useState(true);
  const [isLater, setLater] = useState(false);
  const count = useRef(0);
  const more = useRef<HTMLInputElement>(null);

  // Ahead of its time: where it cannot be read the page may have to be opened anew, without the files and the words.
  useEffect(() => void readLater().catch(() => undefined), []);
  useEffect(() => {
    let isOn = true;
    async function take(): Promise<void> {
      setLooking(true);
      const limits = await getLimits().catch(() => null);
      const admitted = admit(t, files, limits, (limits?.attachments ?? ROOM) - count.current);
      count.current += admitted.taken.length;
      const outgoing = await Promise.all(admitted.taken.map(outgoingOf));
      if (!isOn) {
        count.current -= outgoing.length;
        return;
      }
      setRefused(admitted.refused);
      setItems((before) => [...before, ...outgoing]);
      setLooking(false);
    }
    void take();
    return () => {
      isOn = false;
    };
  }, [files, t]);

  const outgoing = isUntouched ? items.map(untouched) : items;
  const words = caption.trim() ? caption : "";
  const isReady = items.length > 0 && !isLooking;
  const shown = items.find((item) => item.key === selected) ?? items[0];

  function remove(key: string): void {
    const left = items.filter((item) => item.key !== key);
    count.current = left.length;
    setItems(left);
    setRefused([]);
    if (left.length === 0) onClose();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isReady) return;
    messenger.sendFiles(chat, outgoing, words);
    onSent();
  }

  return (
    <>
      <Dialog title={t("attach.title")} closeLabel={t("common.close")} onClose={onClose} isTall>
        <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col gap-3">
          <div className="flex min-h-64 flex-1 items-center justify-center overflow-hidden rounded-2xl bg-sunken md:h-80 md:flex-none">
            {shown ? <Preview key={shown.key} item={shown} isLarge /> : isLooking ? <Looking /> : null}
          </div>
          {refused.length > 0 && (
            <div role="alert" className="space-y-1 rounded-2xl bg-danger-soft px-4 py-3 text-sm text-danger">
              {refused.map((sentence) => (
                <p key={sentence} className="wrap-anywhere">
                  {sentence}
                </p>
              ))}
            </div>
          )}
          <ul className="flex shrink-0 gap-2 overflow-x-auto p-1">
            {items.map((item) => (
              <li key={item.key} className="relative shrink-0">
                <button
                  type="button"
                  aria-label={t("attach.show", { name: item.name })}
                  aria-pressed={item === shown}
                  onClick={() => setSelected(item.key)}
                  className={classes("block size-16 overflow-hidden rounded-xl bg-sunken", item === shown && "outline-2 outline-offset-2 outline-accent")}
                >
                  <Preview item={item} />
                </button>
                <button
                  type="button"
                  aria-label={t("attach.remove", { name: item.name })}
                  onClick={() => remove(item.key)}
                  className="absolute -end-1 -top-1 flex size-6 items-center justify-center rounded-full bg-ink text-canvas"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              </li>
            ))}
            <li className="shrink-0">
              <button type="button" aria-label={t("attach.add")} title={t("attach.add")} onClick={() => more.current?.click()} className="flex size-16 items-center justify-center rounded-xl border-2 border-dashed border-line text-ink-2 hover:text-ink">
                {isLooking && items.length > 0 ? <LoaderCircle aria-hidden className="size-5 animate-spin" /> : <Plus aria-hidden className="size-6" />}
              </button>
              <FileInput input={more} onFiles={onMore} />
            </li>
          </ul>
          {items.some(isVisual) && <Switch label={t("attach.untouched")} hint={t("attach.untouchedHint")} checked={isUntouched} onChange={setUntouched} />}
          <div className="flex items-end gap-2">
            <textarea
              rows={1}
              dir="auto"
              data-first
              aria-label={t("attach.caption")}
              placeholder={t("attach.caption")}
              value={caption}
              maxLength={CAPTION_MAX}
              onPaste={(event) => {
                const pasted = [...event.clipboardData.files];
                if (pasted.length === 0) return;
                event.preventDefault();
                onMore(pasted);
              }}
              onChange={(event) => setCaption(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing && !matchMedia("(pointer: coarse)").matches) submit(event);
              }}
              className="field-sizing-content max-h-32 min-h-11 flex-1 resize-none rounded-[1.4rem] bg-sunken px-4.5 py-2.5 leading-6 placeholder:text-ink-3 focus:outline-2 focus:outline-offset-0 focus:outline-accent/60"
            />
            <IconButton label={t("composer.later")} disabled={!isReady} onClick={() => setLater(true)}>
              <Clock aria-hidden className="size-5" />
            </IconButton>
            <IconButton type="submit" label={t("attach.send")} look="accent" disabled={!isReady}>
              <SendHorizontal aria-hidden className="size-5 rtl:-scale-x-100" />
            </IconButton>
          </div>
        </form>
      </Dialog>
      {isLater && (
        <Lazily onClose={() => setLater(false)}>
          <LaterDialog chat={chat} text={words} files={outgoing} onDone={onSent} onClose={() => setLater(false)} />
        </Lazily>
      )}
    </>
  );
}

function Looking() {
  const { t } = useTranslation();
  return (
    <p role="status" className="flex items-center gap-2 text-ink-2">
      <LoaderCircle aria-hidden className="size-5 animate-spin" />
      {t("attach.looking")}
    </p>
  );
}

/** A file as far as this browser can show it. */
function Preview({ item, isLarge = false }: { item: Outgoing; isLarge?: boolean }) {
  const url = useBlobUrl(item.blob);
  // What has no size could not be decoded here; the server may do better.
  if (url && item.width && item.kind === "image") return <img src={url} alt={item.name} className={isLarge ? "max-h-full max-w-full object-contain" : "size-full object-cover"} />;
  if (url && item.width && item.kind === "video") {
    return (
      // One's own film, to be recognised by.
      // eslint-disable-next-line jsx-a11y/media-has-caption
      <video src={isLarge ? url : `${url}#t=0.1`} controls={isLarge} playsInline preload="metadata" aria-label={item.name} className={isLarge ? "max-h-full max-w-full" : "size-full object-cover"} />
    );
  }
  const Icon = item.kind === "audio" ? Music : FileText;
  if (!isLarge) {
    return (
      <span className="flex size-full flex-col items-center justify-center gap-0.5 text-ink-2">
        <Icon aria-hidden className="size-6" />
        <span className="text-[0.65rem] font-semibold">{suffix(item.name)}</span>
      </span>
    );
  }
  return (
    <span className="flex max-w-full flex-col items-center gap-2 p-4 text-center">
      <Icon aria-hidden className="size-14 text-accent-strong" />
      <span dir="auto" className="font-semibold wrap-anywhere">
        {item.name}
      </span>
      <span className="text-sm text-ink-2">{[fileSize(item.size, locale()), item.duration === null ? null : countdown(item.duration)].filter(Boolean).join(" · ")}</span>
    </span>
  );
}
