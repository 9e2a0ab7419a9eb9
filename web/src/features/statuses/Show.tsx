import { ImageOff, LoaderCircle } from "lucide-react";
import { useEffect, useEffectEvent, useRef } from "react";

import type { Status } from "@/api/statuses";
import { paint } from "@/features/statuses/colours";
import { useTranslation } from "@/i18n/react";
import { useRenewed } from "@/parts/Picture";
import { classes } from "@/ui/classes";

interface Props {
  status: Status;
  name: string;
  /** A film plays; time does not stand still. */
  isRunning: boolean;
  isMuted: boolean;
  /** It can only be shown without sound. */
  onHush: () => void;
  /** It can be looked at, or has to be waited for. `seconds`: of a film, how long it is. */
  onReady: (isReady: boolean, seconds?: number) => void;
  onEnd: () => void;
}

/** What somebody shows: words on a colour, a picture, or a film. */
export function Show({ status, name, isRunning, isMuted, onHush, onReady, onEnd }: Props) {
  const { t } = useTranslation();
  const { media } = status;
  if (status.kind === "text") {
    return (
      <div style={paint(status.background)} className="flex size-full items-center justify-center overflow-y-auto px-8 py-24">
        <p dir="auto" className={classes("max-w-2xl text-center leading-snug font-semibold break-words whitespace-pre-wrap", sizeOf(status.text ?? ""))}>
          {status.text}
        </p>
      </div>
    );
  }
  if (!media || media.state === "rejected") return <Note icon={<ImageOff className="size-8" />}>{t("statuses.broken")}</Note>;
  if (!media.url) return <Note icon={<LoaderCircle className="size-8 animate-spin" />}>{t("statuses.processing")}</Note>;
  const label = t(status.kind === "video" ? "statuses.viewer.video" : "statuses.viewer.picture", { name });
  return (
    <>
      {status.kind === "video" ? (
        <Film key={media.url} src={media.url} poster={media.thumbnail_url} label={label} isRunning={isRunning} isMuted={isMuted} onHush={onHush} onReady={onReady} onEnd={onEnd} />
      ) : (
        <Still key={media.url} src={media.url} label={label} onReady={onReady} />
      )}
      {status.text && (
        <p dir="auto" className="absolute inset-x-0 bottom-24 mx-auto max-h-[30%] w-fit max-w-2xl overflow-y-auto rounded-2xl bg-stage/75 px-5 py-3 text-center break-words whitespace-pre-wrap">
          {status.text}
        </p>
      )}
    </>
  );
}

/** Short words are large. */
function sizeOf(text: string): string {
  if (text.length <= 60) return "text-4xl md:text-5xl";
  return text.length <= 200 ? "text-2xl md:text-4xl" : "text-lg md:text-2xl";
}

function Note({ icon, children }: { icon: React.ReactNode; children: string }) {
  return (
    <p role="status" className="flex size-full flex-col items-center justify-center gap-3 text-stage-ink-2">
      <span aria-hidden>{icon}</span>
      {children}
    </p>
  );
}

/** As `useRenewed`; what stays broken need not be waited for. */
function useShown(onReady: Props["onReady"]): ReturnType<typeof useRenewed> {
  const renewed = useRenewed();
  const giveUp = useEffectEvent(() => onReady(true));
  useEffect(() => {
    if (renewed.isBroken) giveUp();
  }, [renewed.isBroken]);
  return renewed;
}

function Still({ src, label, onReady }: { src: string; label: string; onReady: Props["onReady"] }) {
  const { t } = useTranslation();
  const { tries, isBroken, onError } = useShown(onReady);
  if (isBroken) return <Note icon={<ImageOff className="size-8" />}>{t("statuses.broken")}</Note>;
  return <img key={tries} src={src} alt={label} draggable={false} onLoad={() => onReady(true)} onError={onError} className="size-full object-contain" />;
}

interface FilmProps extends Omit<Props, "status" | "name"> {
  src: string;
  poster: string | null;
  label: string;
}

function Film({ src, poster, label, isRunning, isMuted, onHush, onReady, onEnd }: FilmProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLVideoElement>(null);
  const { tries, isBroken, onError } = useShown(onReady);
  const hush = useEffectEvent(onHush);
  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.muted = isMuted;
    if (!isRunning) video.pause();
    else {
      video.play()?.catch((error: unknown) => {
        // Before the first click on a page a browser plays no sound.
        if (error instanceof DOMException && error.name === "NotAllowedError") hush();
      });
    }
  }, [isRunning, isMuted, tries]);
  if (isBroken) return <Note icon={<ImageOff className="size-8" />}>{t("statuses.broken")}</Note>;
  return (
    // What people show of their day has no captions.
    // eslint-disable-next-line jsx-a11y/media-has-caption
    <video
      key={tries}
      ref={ref}
      src={src}
      {...(poster ? { poster } : {})}
      aria-label={label}
      playsInline
      preload="auto"
      onCanPlay={({ currentTarget }) => onReady(true, currentTarget.duration)}
      onWaiting={() => onReady(false)}
      onPlaying={() => onReady(true)}
      onEnded={onEnd}
      onError={onError}
      className="size-full object-contain"
    />
  );
}
