import { Maximize2, Mic, MicOff, PhoneOff } from "lucide-react";

import type { Calls } from "@/calls/calls";
import type { TalkView } from "@/calls/talk";
import { useFace } from "@/features/calls/names";
import { phaseText } from "@/features/calls/words";
import { useTranslation } from "@/i18n/react";
import { Name } from "@/ui/Name";
import { useNow } from "@/ui/hooks";

/** The call while one chats: who it is with, how long, and the way back. */
export function CallBar({ calls, talk, onEnlarge }: { calls: Calls; talk: TalkView; onEnlarge: () => void }) {
  const { t } = useTranslation();
  const face = useFace(talk.chat);
  const now = useNow(1_000);
  const tool = "flex size-10 shrink-0 items-center justify-center rounded-full transition hover:bg-stage-3";
  return (
    <section aria-label={t("calls.screen", { name: face.name })} className="safe-top flex min-h-13 items-center gap-1 bg-stage px-3 text-stage-ink md:px-5">
      <button type="button" onClick={onEnlarge} aria-label={t("calls.maximise")} className="flex min-w-0 flex-1 items-center gap-3 rounded-xl py-2 text-start">
        <Maximize2 aria-hidden className="size-4.5 shrink-0 text-stage-ink-2" />
        <Name className="font-semibold">{face.name}</Name>
        <span className="shrink-0 text-sm text-stage-ink-2 tabular-nums">{phaseText(t, talk, now)}</span>
      </button>
      {talk.phase !== "ended" && (
        <>
          <button type="button" aria-label={t(talk.isMuted ? "calls.unmute" : "calls.mute")} aria-pressed={talk.isMuted} onClick={calls.toggleMuted} className={tool}>
            {talk.isMuted ? <MicOff aria-hidden className="size-5" /> : <Mic aria-hidden className="size-5" />}
          </button>
          <button type="button" aria-label={t("calls.hangUp")} onClick={calls.hangUp} className="flex size-10 shrink-0 items-center justify-center rounded-full bg-hangup text-white transition hover:brightness-110">
            <PhoneOff aria-hidden className="size-5" />
          </button>
        </>
      )}
    </section>
  );
}
