import { ChevronUp, LockOpen, Pause, Play, SendHorizontal, Square, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { Id } from "@/api/types";
import type { Hold } from "@/features/composer/MicButton";
import { useTranslation } from "@/i18n/react";
import { newClientId } from "@/lib/ids";
import { countdown } from "@/lib/time";
import { player } from "@/media/player";
import { CannotRecord, record, type Recording, type Take } from "@/media/recorder";
import { useMessenger } from "@/messenger/react";
import { useBlobUrl } from "@/parts/local";
import { usePlaying } from "@/parts/playing";
import { IconButton } from "@/ui/Button";
import { SeekBar } from "@/ui/SeekBar";
import { toast } from "@/ui/Toaster";
import { resample, Waveform } from "@/ui/Waveform";

const BARS = 48;
const PREVIEW = "recording";
const TELL_MS = 3_000;
/** Less than this was a slip of the finger. */
const SHORTEST_S = 0.4;

interface Props {
  chat: Id;
  hold: Hold;
  onHold: (hold: Hold) => void;
  onDone: () => void;
}

/** In place of the text: how one's voice is recorded, heard before it is sent, and sent. */
export function Recorder({ chat, hold, onHold, onDone }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const recording = useRef<Recording | null>(null);
  const [levels, setLevels] = useState<number[]>([]);
  const [seconds, setSeconds] = useState(0);
  const [isRunning, setRunning] = useState(false);
  const [take, setTake] = useState<Take | null>(null);

  useEffect(() => {
    let isOver = false;
    let startedAt = 0;
    player.stop();
    record((level) => {
      setSeconds((Date.now() - startedAt) / 1000);
      setLevels((before) => [...before.slice(-(BARS - 1)), level]);
    }).then(
      (begun) => {
        if (isOver) {
          begun.cancel();
          return;
        }
        startedAt = Date.now();
        recording.current = begun;
        setRunning(true);
      },
      (error: unknown) => {
        if (isOver) return;
        toast(t(`recorder.${error instanceof CannotRecord ? error.problem : "failed"}`), true);
        onDone();
      },
    );
    return () => {
      isOver = true;
      recording.current?.cancel();
      recording.current = null;
    };
    // It begins once, with what it was given then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  // The others see that I speak for as long as I do.
  useEffect(() => {
    if (!isRunning) return;
    messenger.recording(chat, true);
    const timer = setInterval(() => messenger.recording(chat, true), TELL_MS);
    return () => {
      clearInterval(timer);
      messenger.recording(chat, false);
    };
  }, [isRunning, messenger, chat]);

  async function end(): Promise<Take | null> {
    const running = recording.current;
    recording.current = null;
    setRunning(false);
    return running ? running.stop() : null;
  }

  function sendTake({ blob, duration, waveform }: Take): void {
    player.stop();
    if (duration >= SHORTEST_S && blob.size > 0) {
      const name = `voice.${blob.type.includes("mp4") ? "m4a" : blob.type.includes("ogg") ? "ogg" : "webm"}`;
      messenger.sendFiles(chat, [{ key: newClientId(), blob, name, size: blob.size, mime: blob.type, kind: "voice", width: null, height: null, duration, waveform, isUntouched: false }]);
    }
    onDone();
  }

  async function send(): Promise<void> {
    const ready = take ?? (await end());
    if (ready) sendTake(ready);
  }

  const isReleased = hold === "released";
  useEffect(() => {
    if (!isReleased) return;
    // Let go of before the microphone was there, as when one was asked for it: it goes on by itself.
    if (recording.current) void send();
    else onHold("locked");
    // Once it is let go of, whatever else changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isReleased]);

  const isHeld = hold !== "locked";
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that was pressed has gone.
    if (!isHeld && isRunning) group.current?.querySelector<HTMLElement>("[data-send]")?.focus();
  }, [isHeld, isRunning]);
  return (
    <div ref={group} role="group" aria-label={t("recorder.recording")} className="flex min-h-11 flex-1 items-center gap-2">
      {!isHeld && (
        <IconButton label={t("recorder.cancel")} onClick={onDone}>
          <Trash2 aria-hidden className="size-5" />
        </IconButton>
      )}
      {take ? (
        <Heard take={take} />
      ) : (
        <>
          <span aria-hidden className="animate-shimmer ms-2 size-3 shrink-0 rounded-full bg-danger" />
          <span role="timer" className="w-11 shrink-0 font-semibold tabular-nums">
            {countdown(Math.floor(seconds))}
          </span>
          <span dir="ltr" className="min-w-0 flex-1 overflow-hidden">
            <Waveform levels={Array.from({ length: BARS }, (_, index) => levels[levels.length - BARS + index] ?? 0)} part={1} />
          </span>
        </>
      )}
      {isHeld && (
        <span className="flex shrink-0 items-center gap-2 text-sm text-ink-2">
          {t("recorder.slide")}
          <span title={t("recorder.lock")} className="flex flex-col items-center rounded-full bg-sunken px-2 py-1">
            <ChevronUp aria-hidden className="size-3" />
            <LockOpen aria-hidden className="size-4" />
          </span>
        </span>
      )}
      {!isHeld && !take && (
        <IconButton label={t("recorder.stop")} disabled={!isRunning} onClick={() => void end().then(setTake)}>
          <Square aria-hidden className="size-4.5 fill-current" />
        </IconButton>
      )}
      {!isHeld && (
        <IconButton data-send label={t("recorder.send")} look="accent" disabled={!isRunning && !take} onClick={() => void send()}>
          <SendHorizontal aria-hidden className="size-5 rtl:-scale-x-100" />
        </IconButton>
      )}
    </div>
  );
}

/** What was recorded, to be heard before it is sent. */
function Heard({ take }: { take: Take }) {
  const { t } = useTranslation();
  const { isPlaying, position } = usePlaying(PREVIEW);
  const url = useBlobUrl(take.blob);
  useEffect(() => player.stop, []);
  const track = url ? { id: PREVIEW, src: url, duration: take.duration } : null;
  return (
    <>
      <IconButton label={t(isPlaying ? "recorder.pause" : "recorder.play")} disabled={!track} onClick={() => track && player.toggle(track)}>
        {isPlaying ? <Pause aria-hidden className="size-5 fill-current" /> : <Play aria-hidden className="size-5 fill-current" />}
      </IconButton>
      <div className="min-w-0 flex-1">
        <SeekBar
          label={t("media.position")}
          valueText={t("media.positionText", { at: countdown(position), duration: countdown(take.duration) })}
          levels={resample(take.waveform, BARS)}
          part={take.duration > 0 ? position / take.duration : 0}
          isDisabled={!track}
          onSeek={(part) => track && player.seek(track, part)}
        />
      </div>
      <span className="w-11 shrink-0 text-end text-sm text-ink-2 tabular-nums">{countdown(position > 0 ? position : take.duration)}</span>
    </>
  );
}
