import { ChevronDown, Mic, MicOff, PhoneOff, ScreenShare, ScreenShareOff, Settings2, SwitchCamera, Video, VideoOff } from "lucide-react";
import { useState, type KeyboardEvent } from "react";

import type { Calls } from "@/calls/calls";
import type { TalkView } from "@/calls/talk";
import { DeviceMenu, useDevices } from "@/features/calls/DeviceMenu";
import { useFace } from "@/features/calls/names";
import { Picture } from "@/features/calls/streams";
import { Tile } from "@/features/calls/Tile";
import { phaseText } from "@/features/calls/words";
import { useTranslation } from "@/i18n/react";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Name } from "@/ui/Name";
import { Stage } from "@/ui/Stage";
import { StageButton } from "@/ui/StageButton";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/hooks";

interface Props {
  calls: Calls;
  talk: TalkView;
  onMinimise: () => void;
}

/** The call on the whole window. */
export function CallScreen({ calls, talk, onMinimise }: Props) {
  const { t } = useTranslation();
  const face = useFace(talk.chat);
  const now = useNow(500);
  const isOver = talk.phase === "ended";
  const tiles = isOver ? [] : [...talk.remotes.map((remote) => ({ user: remote.user, remote })), ...(face.isGroup ? talk.awaited.map((user) => ({ user, remote: null })) : [])];
  const isAlone = tiles.length === 1 && !face.isGroup;
  const hint = hintOf(talk);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).matches("select, input")) return;
    if (event.key === "m") calls.toggleMuted();
    else if (event.key === "v") void calls.toggleCamera();
  }

  return (
    <Stage label={t("calls.screen", { name: face.name })} onEscape={isOver ? calls.close : onMinimise} onKeyDown={onKeyDown}>
      <div className="flex h-full flex-col">
        <header className={classes("safe-top flex items-center gap-2 px-3 py-2", isAlone && "absolute inset-x-0 top-0 z-10 bg-linear-to-b from-stage/80 to-transparent pb-8")}>
          <StageButton label={t(isOver ? "common.close" : "calls.minimise")} look="bare" onClick={isOver ? calls.close : onMinimise}>
            <ChevronDown aria-hidden className="size-6" />
          </StageButton>
          <span className="min-w-0">
            <h1 className="text-lg leading-tight font-bold">
              <Name>{face.name}</Name>
            </h1>
            <p role="status" className="text-sm text-stage-ink-2 tabular-nums">
              {phaseText(t, talk, now)}
            </p>
          </span>
        </header>
        <div className="relative min-h-0 flex-1">
          {tiles.length > 0 ? (
            <div className={classes("grid size-full auto-rows-fr", !isAlone && "gap-2 p-2", columns(tiles.length))}>
              {tiles.map(({ user, remote }) => (
                <Tile key={user} user={user} remote={remote} isAlone={isAlone} />
              ))}
            </div>
          ) : (
            <Waiting talk={talk} calls={calls} />
          )}
          {hint && (
            <p role="status" className="absolute inset-x-4 top-20 mx-auto w-fit rounded-2xl bg-stage-3/90 px-4 py-2 text-center text-sm">
              {t(hint)}
            </p>
          )}
          {!isOver && (talk.camera ?? talk.screen) && <OwnPicture talk={talk} isLarge={tiles.length === 0} />}
        </div>
        {!isOver && <Controls calls={calls} talk={talk} />}
      </div>
    </Stage>
  );
}

function columns(count: number): string {
  if (count <= 1) return "grid-cols-1";
  if (count === 2) return "md:grid-cols-2";
  return count <= 4 ? "grid-cols-2" : "grid-cols-2 md:grid-cols-3";
}

/** What the person should know about their own side. */
function hintOf(talk: TalkView) {
  if (talk.phase === "ended") return null;
  if (talk.phase === "preparing") return "calls.allowDevices" as const;
  if (talk.microphone === null) return "calls.noMicrophone" as const;
  if (talk.cameraTrouble) return `calls.noCamera.${talk.cameraTrouble}` as const;
  return talk.screen ? ("calls.youShare" as const) : null;
}

/** Nobody is there yet, or any more. */
function Waiting({ talk, calls }: { talk: TalkView; calls: Calls }) {
  const { t } = useTranslation();
  const face = useFace(talk.chat);
  const isOver = talk.phase === "ended";
  const mayTryAgain = isOver && talk.ending !== "completed" && talk.ending !== "elsewhere";
  return (
    <div className="flex size-full flex-col items-center justify-center gap-6 px-6 pb-10 text-center">
      <span className="relative flex">
        {!isOver && <span aria-hidden className="animate-ring absolute inset-0 rounded-full bg-accent/40" />}
        <Avatar name={face.name} seed={face.seed} url={face.url} size="xl" isGroup={face.isGroup} />
      </span>
      {talk.ending === "failed" && <p className="max-w-80 text-stage-ink-2">{t("calls.failedHint")}</p>}
      {isOver && (
        <span className="flex gap-3">
          {mayTryAgain && <Button onClick={() => void calls.start(talk.chat, talk.media)}>{t("calls.again")}</Button>}
          <Button look="secondary" onClick={calls.close} className="bg-stage-3! text-stage-ink! hover:brightness-110">
            {t("common.close")}
          </Button>
        </span>
      )}
    </div>
  );
}

function OwnPicture({ talk, isLarge }: { talk: TalkView; isLarge: boolean }) {
  const { t } = useTranslation();
  const track = talk.screen ?? talk.camera;
  if (!track) return null;
  return (
    <div
      className={classes(
        "absolute overflow-hidden rounded-2xl border border-white/15 bg-stage-2 shadow-lift transition-all",
        isLarge ? "end-4 bottom-4 h-44 w-32 md:h-40 md:w-60" : "end-4 bottom-4 h-36 w-26 md:h-36 md:w-56",
      )}
    >
      <Picture track={track} label={t("calls.ownPicture")} isMirrored={track !== talk.screen} isWhole={track === talk.screen} />
      {talk.isMuted && (
        <span aria-hidden className="absolute end-2 bottom-2 flex size-7 items-center justify-center rounded-full bg-stage/75">
          <MicOff className="size-4" />
        </span>
      )}
    </div>
  );
}

function Controls({ calls, talk }: { calls: Calls; talk: TalkView }) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const cameras = useDevices().filter((device) => device.kind === "videoinput");
  const mayShare = "getDisplayMedia" in (navigator.mediaDevices ?? {});
  const isWaiting = talk.phase === "preparing";

  function switchCamera(): void {
    const at = cameras.findIndex((device) => device.deviceId === talk.camera?.getSettings().deviceId);
    const next = cameras[(at + 1) % cameras.length];
    if (next) void calls.choose("videoinput", next.deviceId);
  }

  return (
    <div role="toolbar" aria-label={t("calls.title")} className="safe-bottom flex justify-center">
      <div className="flex items-center gap-2.5 px-3 py-4 sm:gap-4">
        <StageButton label={t(talk.isMuted ? "calls.unmute" : "calls.mute")} aria-keyshortcuts="m" look={talk.isMuted ? "off" : "plain"} disabled={isWaiting} onClick={calls.toggleMuted}>
          {talk.isMuted ? <MicOff aria-hidden className="size-5.5" /> : <Mic aria-hidden className="size-5.5" />}
        </StageButton>
        <StageButton label={t(talk.camera ? "calls.cameraOff" : "calls.cameraOn")} aria-keyshortcuts="v" look={talk.camera ? "plain" : "off"} disabled={isWaiting} onClick={() => void calls.toggleCamera()}>
          {talk.camera ? <Video aria-hidden className="size-5.5" /> : <VideoOff aria-hidden className="size-5.5" />}
        </StageButton>
        {talk.camera && cameras.length > 1 && (
          <StageButton label={t("calls.switchCamera")} onClick={switchCamera} className="md:hidden">
            <SwitchCamera aria-hidden className="size-5.5" />
          </StageButton>
        )}
        {mayShare && (
          <StageButton label={t(talk.screen ? "calls.stopSharing" : "calls.share")} look={talk.screen ? "off" : "plain"} disabled={isWaiting} onClick={() => void calls.toggleScreen()}>
            {talk.screen ? <ScreenShareOff aria-hidden className="size-5.5" /> : <ScreenShare aria-hidden className="size-5.5" />}
          </StageButton>
        )}
        <StageButton label={t("calls.devices")} aria-haspopup="dialog" aria-expanded={anchor !== null} disabled={isWaiting} onClick={(event) => setAnchor(event.currentTarget.getBoundingClientRect())}>
          <Settings2 aria-hidden className="size-5.5" />
        </StageButton>
        <StageButton label={t("calls.hangUp")} look="danger" data-first onClick={calls.hangUp} className="w-18!">
          <PhoneOff aria-hidden className="size-6" />
        </StageButton>
      </div>
      {anchor && <DeviceMenu calls={calls} talk={talk} anchor={anchor} onClose={() => setAnchor(null)} />}
    </div>
  );
}
