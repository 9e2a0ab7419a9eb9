import { BellOff, Phone, PhoneOff, Video } from "lucide-react";
import type { ReactNode } from "react";

import type { CallMedia } from "@/api/calls";
import type { Calls, Incoming } from "@/calls/calls";
import { useFace } from "@/features/calls/names";
import { useTranslation } from "@/i18n/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Name } from "@/ui/Name";
import { Stage } from "@/ui/Stage";
import { StageButton } from "@/ui/StageButton";

/** Somebody calls. It goes away by itself when it is answered elsewhere, called off or missed. */
export function IncomingCall({ calls, incoming: { call, isSilent } }: { calls: Calls; incoming: Incoming }) {
  const { t } = useTranslation();
  const face = useFace(call.chat, call.caller);
  const caller = useStore((state) => nameOf(state.users[call.caller]));
  const kind = t(`calls.incoming.${call.media}`);
  const accept = (media: CallMedia) => () => void calls.accept(call.id, media);
  return (
    <Stage
      label={`${kind}: ${face.name}`}
      onEscape={calls.silence}
      className="md:m-auto md:h-fit md:w-96 md:rounded-[2rem] md:shadow-lift"
    >
      <div className="flex h-full flex-col items-center px-6 pt-[max(4rem,env(safe-area-inset-top))] pb-[max(2.5rem,env(safe-area-inset-bottom))] text-center md:pt-12 md:pb-9">
        <p role="status" className="flex items-center gap-2 text-stage-ink-2">
          {call.media === "video" ? <Video aria-hidden className="size-4.5" /> : <Phone aria-hidden className="size-4.5" />}
          {kind}
        </p>
        <span className="relative my-8 flex">
          <span aria-hidden className="animate-ring absolute inset-0 rounded-full bg-accent/50" />
          <span aria-hidden className="animate-ring absolute inset-0 rounded-full bg-accent/40 [animation-delay:0.8s]" />
          <Avatar name={face.name} seed={face.seed} url={face.url} size="xl" isGroup={face.isGroup} />
        </span>
        <h1 className="max-w-full text-2xl font-bold">
          <Name>{face.name}</Name>
        </h1>
        {face.isGroup && <p className="mt-1 text-stage-ink-2">{t("calls.incomingGroup", { name: caller })}</p>}
        <div className="flex-1 md:h-10 md:flex-none" />
        <div className="flex w-full max-w-80 justify-between">
          <Choice label={t("calls.decline")}>
            <StageButton label={t("calls.decline")} look="danger" size="lg" onClick={() => calls.decline(call.id)}>
              <PhoneOff aria-hidden className="size-7" />
            </StageButton>
          </Choice>
          <Choice label={t("calls.acceptAudio")}>
            <StageButton label={t("calls.acceptAudio")} look={call.media === "audio" ? "good" : "plain"} size="lg" data-first={call.media === "audio" || undefined} onClick={accept("audio")}>
              <Phone aria-hidden className="size-7" />
            </StageButton>
          </Choice>
          <Choice label={t(call.media === "video" ? "calls.acceptVideo" : "calls.joinVideo")}>
            <StageButton
              label={t(call.media === "video" ? "calls.acceptVideo" : "calls.joinVideo")}
              look={call.media === "video" ? "good" : "plain"}
              size="lg"
              data-first={call.media === "video" || undefined}
              onClick={accept("video")}
            >
              <Video aria-hidden className="size-7" />
            </StageButton>
          </Choice>
        </div>
        <button
          type="button"
          disabled={isSilent}
          onClick={calls.silence}
          className="mt-7 inline-flex min-h-10 items-center gap-2 rounded-full px-4 text-sm font-semibold text-stage-ink-2 enabled:hover:bg-stage-2 disabled:opacity-50"
        >
          <BellOff aria-hidden className="size-4" />
          {t("calls.silence")}
        </button>
      </div>
    </Stage>
  );
}

/** A button with its word below, which the button says itself to screen readers. */
function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex w-24 flex-col items-center gap-2">
      {children}
      <span aria-hidden className="text-sm leading-tight text-stage-ink-2">
        {label}
      </span>
    </span>
  );
}
