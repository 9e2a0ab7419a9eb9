import { MicOff, Pause, Play } from "lucide-react";
import { useMemo } from "react";

import type { Medium, Message } from "@/api/types";
import { rejection } from "@/features/conversation/media/rejection";
import { Processing, Sending } from "@/features/conversation/media/transfer";
import { useTranslation } from "@/i18n/react";
import { countdown } from "@/lib/time";
import { player, type Track } from "@/media/player";
import { useMessenger } from "@/messenger/react";
import { usePlaying, useRate } from "@/parts/playing";
import { messagesOf } from "@/store/selectors";
import type { Pending } from "@/store/state";
import type { Store } from "@/store/store";
import { SeekBar } from "@/ui/SeekBar";
import { resample } from "@/ui/Waveform";

const BARS = 44;
const FLAT: readonly number[] = Array.from({ length: BARS }, () => 8);

interface Props {
  medium: Medium;
  message: Message | null;
  pending: Pending | null;
}

/** A voice note or other sound: play, seek, faster. Voice notes that follow each other are heard in a row. */
export function Sound({ medium, message, pending }: Props) {
  const { t } = useTranslation();
  const { store } = useMessenger();
  const { isPlaying, position, duration: heard } = usePlaying(medium.id);
  const levels = useMemo(() => (medium.waveform ? resample(medium.waveform, BARS) : FLAT), [medium.waveform]);
  if (medium.state === "rejected") {
    return (
      <span className="flex items-center gap-2 py-1 text-ink-2">
        <MicOff aria-hidden className="size-5 shrink-0" />
        {rejection(t, medium)}
      </span>
    );
  }
  const track = trackOf(medium);
  const duration = medium.duration ?? heard;
  const part = duration ? position / duration : 0;
  const isVoice = medium.kind === "voice";
  const name = isVoice ? t("media.voice") : medium.name;
  const isBegun = isPlaying || position > 0;
  return (
    <div role="group" aria-label={name} className="flex w-68 max-w-full items-center gap-2.5 py-1">
      {pending && pending.state !== "failed" ? (
        <Sending pending={pending} />
      ) : medium.state === "processing" && message ? (
        <Processing medium={medium} />
      ) : (
        <button
          type="button"
          aria-label={t(isPlaying ? "media.pause" : "media.play")}
          disabled={!track}
          onClick={() => track && player.toggle(track, (after) => (isVoice && message ? following(store, message.chat, after) : null))}
          className="flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent transition enabled:hover:bg-accent-strong enabled:active:scale-95 disabled:opacity-50"
        >
          {isPlaying ? <Pause aria-hidden className="size-5 fill-current" /> : <Play aria-hidden className="ms-0.5 size-5 fill-current" />}
        </button>
      )}
      <div className="min-w-0 flex-1">
        {!isVoice && (
          <span dir="auto" className="block truncate text-sm font-semibold">
            {medium.name}
          </span>
        )}
        <SeekBar
          label={t("media.position")}
          valueText={t("media.positionText", { at: countdown(position), duration: countdown(duration ?? 0) })}
          levels={levels}
          part={part}
          isDisabled={!track || !duration}
          onSeek={(to) => track && player.seek(track, to)}
        />
        <span className="block text-xs text-ink-2 tabular-nums">
          {countdown(isBegun ? position : (duration ?? 0))}
        </span>
      </div>
      {isBegun && <Speed />}
    </div>
  );
}

/** How fast one listens; a click makes it faster, then slow again. */
function Speed() {
  const { t } = useTranslation();
  const rate = useRate();
  return (
    <button type="button" aria-label={t("media.speed", { rate })} onClick={player.changeRate} className="h-7 w-11 shrink-0 rounded-full bg-ink/8 text-xs font-bold text-ink-2 tabular-nums hover:text-ink">
      {rate}×
    </button>
  );
}

function trackOf({ id, url, duration }: Medium): Track | null {
  return url ? { id, src: url, duration } : null;
}

/** The voice note right after the one that was heard, whichever it was. */
function following(store: Store, chat: string, after: string): Track | null {
  const messages = messagesOf(store.getState(), chat).filter((message) => !message.deleted_at);
  const index = messages.findIndex((message) => message.attachments?.some((medium) => medium.id === after));
  const next = index < 0 ? undefined : messages[index + 1];
  const [medium] = next?.kind === "voice" ? (next.attachments ?? []) : [];
  return medium ? trackOf(medium) : null;
}
