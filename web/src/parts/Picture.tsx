import { decode } from "blurhash";
import { ImageOff, RotateCw } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { freshAccess } from "@/api/http";
import type { Medium } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useLocalUrl } from "@/parts/local";
import { useStore } from "@/store/react";
import { classes } from "@/ui/classes";

const BLUR_SIDE = 32;

/** What a picture is like before it is there. */
export function Blur({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    try {
      const image = context.createImageData(BLUR_SIDE, BLUR_SIDE);
      image.data.set(decode(hash, BLUR_SIDE, BLUR_SIDE));
      context.putImageData(image, 0, 0);
    } catch {
      // No hash that can be read: the plain ground stays.
    }
  }, [hash]);
  return <canvas ref={canvas} aria-hidden width={BLUR_SIDE} height={BLUR_SIDE} className="absolute inset-0 size-full" />;
}

/**
 * An address that is tried once more after the session's cookie was renewed, and again when the
 * connection is back. `tries` belongs into the element's key.
 */
export function useRenewed(): { tries: number; isBroken: boolean; onError: () => void; retry: () => void } {
  const isOnline = useStore((state) => state.connection === "online");
  const [held, setHeld] = useState({ tries: 0, brokenWhile: null as boolean | null });
  return {
    tries: held.tries,
    isBroken: held.brokenWhile !== null && held.brokenWhile === isOnline,
    onError: () => {
      if (held.tries > 0) setHeld({ ...held, brokenWhile: isOnline });
      else void freshAccess().catch(() => undefined).then(() => setHeld({ tries: 1, brokenWhile: null }));
    },
    retry: () => setHeld({ tries: held.tries + 1, brokenWhile: null }),
  };
}

/** Up to this size the picture itself is shown, sharper than its thumbnail, and moving if it moves. */
const WHOLE_MAX_BYTES = 1_500_000;

interface Props {
  medium: Medium;
  alt: string;
  /** My own, just sent: it may still be on this device. */
  isOwn: boolean;
  /** One of several. */
  isSmall?: boolean;
  isContained?: boolean;
}

/** A picture, or a film's poster, filling the place that is kept for it. */
export function Picture({ medium, alt, isOwn, isSmall = false, isContained = false }: Props) {
  const { t } = useTranslation();
  const local = useLocalUrl(isOwn ? medium.id : null);
  const [isLocalBad, setLocalBad] = useState(false);
  const { tries, isBroken, onError, retry } = useRenewed();
  const isWhole = medium.kind === "image" && !isSmall && medium.size <= WHOLE_MAX_BYTES;
  const mine = medium.kind === "image" && !isLocalBad ? local : null;
  const small = medium.kind === "image" ? (medium.thumbnail_url ?? medium.url) : medium.thumbnail_url;
  const src = mine ?? (isWhole ? medium.url : small);
  const fit = classes("absolute inset-0 size-full", isContained ? "object-contain" : "object-cover");
  return (
    <>
      {medium.blurhash && <Blur hash={medium.blurhash} />}
      {medium.kind === "video" && !src && local && <video src={`${local}#t=0.1`} muted playsInline preload="metadata" aria-hidden className={fit} />}
      {src && !isBroken && <img key={tries} src={src} alt={alt} draggable={false} decoding="async" onError={mine ? () => setLocalBad(true) : onError} className={fit} />}
      {isBroken && (
        <button
          type="button"
          onClick={retry}
          className="absolute inset-0 z-10 flex flex-col items-center justify-center gap-1 bg-sunken/80 p-2 text-center text-sm text-ink-2"
        >
          <ImageOff aria-hidden className="size-6" />
          {t("media.broken")}
          <span className="flex items-center gap-1 font-semibold text-accent-strong">
            <RotateCw aria-hidden className="size-4" />
            {t("media.reload")}
          </span>
        </button>
      )}
    </>
  );
}
