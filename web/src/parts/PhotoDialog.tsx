import { ImagePlus } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { getLimits } from "@/api/server";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { fileSize } from "@/lib/size";
import { cutOut, reach, type Frame } from "@/parts/crop";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

const ZOOM_MAX = 4;
const STEP = 0.02;
const NOWHERE: Frame = { zoom: 1, x: 0, y: 0 };

interface Props {
  /** Takes the square picture; rejects with what the server says. */
  onSave: (picture: Blob) => Promise<void>;
  /** Takes the picture away, where there is one. */
  onRemove: (() => Promise<void>) | null;
  onClose: () => void;
}

/** Chooses a picture and the square of it that is shown, or takes the present one away. */
export function PhotoDialog({ onSave, onRemove, onClose }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [image, setImage] = useState<HTMLImageElement | null>(null);
  const [frame, setFrame] = useState<Frame>(NOWHERE);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState<"save" | "remove" | null>(null);

  async function choose(file: File | undefined): Promise<void> {
    if (!file) return;
    setError(null);
    const limits = await getLimits().catch(() => null);
    if (limits && file.size > limits.media_bytes) {
      setError(t("photo.tooLarge", { limit: fileSize(limits.media_bytes, locale()) }));
      return;
    }
    const url = URL.createObjectURL(file);
    try {
      const chosen = new Image();
      chosen.src = url;
      await chosen.decode();
      setImage(chosen);
      setFrame(NOWHERE);
    } catch {
      URL.revokeObjectURL(url);
      setError(t("photo.unreadable"));
    }
  }

  useEffect(() => {
    return () => {
      if (image) URL.revokeObjectURL(image.src);
    };
  }, [image]);

  async function act(what: "save" | "remove", does: () => Promise<void>): Promise<void> {
    setBusy(what);
    setError(null);
    try {
      await does();
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(null);
    }
  }

  return (
    <Dialog title={t(image ? "photo.crop" : "photo.change")} closeLabel={t("common.close")} onClose={onClose}>
      <div className="space-y-4">
        {image ? (
          <Cropper image={image} frame={frame} onFrame={setFrame} />
        ) : (
          <button
            type="button"
            data-first
            onClick={() => input.current?.click()}
            className="flex aspect-square w-full flex-col items-center justify-center gap-2 rounded-3xl border-2 border-dashed border-line bg-sunken font-semibold text-accent-strong"
          >
            <ImagePlus aria-hidden className="size-10" />
            {t("photo.choose")}
          </button>
        )}
        {error && (
          <p role="alert" className="rounded-2xl bg-danger-soft px-4 py-3 text-sm text-danger">
            {error}
          </p>
        )}
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = "";
            void choose(file);
          }}
        />
        {image && (
          <>
            <Button className="w-full" isBusy={busy === "save"} disabled={busy !== null} onClick={() => void act("save", async () => onSave(await cutOut(image, frame)))}>
              {t("photo.save")}
            </Button>
            <Button look="quiet" className="w-full" disabled={busy !== null} onClick={() => input.current?.click()}>
              {t("photo.other")}
            </Button>
          </>
        )}
        {!image && onRemove && (
          <Button look="danger" className="w-full" isBusy={busy === "remove"} disabled={busy !== null} onClick={() => void act("remove", onRemove)}>
            {t("photo.remove")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

interface CropperProps {
  image: HTMLImageElement;
  frame: Frame;
  onFrame: (frame: Frame) => void;
}

/** The picture behind a round window: moved by pointer or arrow keys, zoomed by a slider. */
function Cropper({ image, frame, onFrame }: CropperProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<{ x: number; y: number } | null>(null);
  const { width, height } = reach(image, frame.zoom);

  const put = (next: Frame): void => {
    const room = reach(image, next.zoom);
    const within = (value: number, size: number): number => Math.min((size - 1) / 2, Math.max((1 - size) / 2, value));
    onFrame({ zoom: next.zoom, x: within(next.x, room.width), y: within(next.y, room.height) });
  };

  function onPointerMove(event: PointerEvent): void {
    const from = held.current;
    const side = box.current?.clientWidth;
    if (!from || !side) return;
    held.current = { x: event.clientX, y: event.clientY };
    put({ ...frame, x: frame.x + (event.clientX - from.x) / side, y: frame.y + (event.clientY - from.y) / side });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    put({ ...frame, x: frame.x + step[0], y: frame.y + step[1] });
  }

  return (
    <>
      {/* It takes the pointer and the arrow keys, as its label says; no plainer element does. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={box}
        role="application"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={t("photo.cropHint")}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          held.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => (held.current = null)}
        onPointerCancel={() => (held.current = null)}
        className="relative aspect-square w-full cursor-grab touch-none overflow-hidden rounded-3xl bg-black select-none active:cursor-grabbing"
      >
        <img
          src={image.src}
          alt=""
          draggable={false}
          className="absolute max-w-none"
          style={{ width: `${width * 100}%`, height: `${height * 100}%`, left: `${(0.5 + frame.x - width / 2) * 100}%`, top: `${(0.5 + frame.y - height / 2) * 100}%` }}
        />
        <span aria-hidden className="pointer-events-none absolute inset-0 rounded-full shadow-[0_0_0_40rem_rgb(0_0_0/0.5)] outline-2 outline-white/80" />
      </div>
      <input
        type="range"
        aria-label={t("photo.zoom")}
        min={1}
        max={ZOOM_MAX}
        step={0.01}
        value={frame.zoom}
        onChange={(event) => put({ ...frame, zoom: Number(event.target.value) })}
        className="w-full accent-accent"
      />
    </>
  );
}
