import { ImageOff, Play } from "lucide-react";

import type { Medium } from "@/api/types";
import { useActions } from "@/features/conversation/actions";
import type { AttachedProps } from "@/features/conversation/media/Attachments";
import { boxOf } from "@/features/conversation/media/box";
import { rejection } from "@/features/conversation/media/rejection";
import { Processing, Sending } from "@/features/conversation/media/transfer";
import { useTranslation } from "@/i18n/react";
import { countdown } from "@/lib/time";
import { Picture } from "@/parts/Picture";
import { useStore } from "@/store/react";
import { classes } from "@/ui/classes";

/** So many of an album are shown; the last of them stands for the rest. */
const TILES = 4;

/** One picture or film, or an album. The room for them is kept from the start. */
export function Pictures({ message, pending, media }: AttachedProps) {
  const [only] = media;
  const isOwn = useStore((state) => pending !== null || message?.sender === state.me?.id);
  const isAlbum = media.length > 1;
  const shown = media.slice(0, TILES);
  return (
    <div
      className={classes("relative overflow-hidden rounded-2xl", isAlbum && "grid grid-cols-2 gap-0.5")}
      // Through the element's own style, which the content policy allows.
      style={isAlbum || !only ? undefined : { aspectRatio: `${boxOf(only).width} / ${boxOf(only).height}` }}
    >
      {shown.map((medium, index) => (
        <Tile
          key={index}
          medium={medium}
          seq={message?.seq ?? null}
          isOwn={isOwn}
          isSmall={isAlbum}
          more={index === TILES - 1 ? media.length - TILES : 0}
          shape={!isAlbum ? "absolute inset-0" : shown.length === 3 && index === 0 ? "col-span-2 aspect-video" : shown.length === 2 ? "aspect-3/4" : "aspect-square"}
        />
      ))}
      {pending && (
        <span className="absolute inset-0 z-20 flex items-center justify-center">
          <Sending pending={pending} />
        </span>
      )}
    </div>
  );
}

interface TileProps {
  medium: Medium;
  /** Null: still on its way. */
  seq: number | null;
  isOwn: boolean;
  isSmall: boolean;
  more: number;
  shape: string;
}

function Tile({ medium, seq, isOwn, isSmall, more, shape }: TileProps) {
  const { t } = useTranslation();
  const { openMedia } = useActions();
  const isVideo = medium.kind === "video";
  const duration = medium.duration === null ? null : countdown(medium.duration);
  const label = !isVideo ? t("media.openPhoto") : duration ? t("media.openVideo", { duration }) : t("media.openVideoUnknown");
  return (
    <span className={classes("block overflow-hidden bg-sunken", shape, isSmall && "relative")}>
      {medium.state === "rejected" ? (
        <span className="absolute inset-0 flex flex-col items-center justify-center gap-1.5 p-3 text-center text-sm text-ink-2">
          <ImageOff aria-hidden className="size-7" />
          {rejection(t, medium)}
        </span>
      ) : (
        <Picture medium={medium} alt={t(isVideo ? "media.video" : "media.photo")} isOwn={isOwn} isSmall={isSmall} />
      )}
      {medium.state === "processing" && seq !== null && (
        <span className="absolute inset-0 flex items-center justify-center">
          <Processing medium={medium} />
        </span>
      )}
      {isVideo && medium.state === "ready" && (
        <span aria-hidden className="absolute inset-0 flex items-center justify-center">
          <span className="flex size-14 items-center justify-center rounded-full bg-black/55 text-white">
            <Play className="ms-1 size-7 fill-current" />
          </span>
        </span>
      )}
      {isVideo && duration && medium.state !== "rejected" && (
        <span aria-hidden className="absolute start-2 bottom-2 rounded-full bg-black/55 px-2 py-0.5 text-xs font-medium text-white tabular-nums">
          {duration}
        </span>
      )}
      {medium.state === "ready" && seq !== null && (
        <button
          type="button"
          aria-label={more > 0 ? `${label}. ${t("media.more", { count: more })}` : label}
          onClick={() => openMedia(seq, medium.id)}
          className="absolute inset-0 flex items-center justify-center rounded-xl focus-visible:outline-offset-[-3px]"
        >
          {more > 0 && (
            <span aria-hidden className="flex size-full items-center justify-center bg-black/50 text-3xl font-semibold text-white">
              +{more}
            </span>
          )}
        </button>
      )}
    </span>
  );
}
