import { useEffect, useRef, useState } from "react";

import { useTranslation } from "@/i18n/react";

type Problem = "denied" | "noCamera" | "insecure" | "cameraFailed";

const LOOK_EVERY_MS = 150;

interface Props {
  /** Called with every text read, also with the same one again. */
  onRead: (text: string) => void;
}

/** The camera's picture, read for QR codes for as long as it is shown. */
export function Camera({ onRead }: Props) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const read = useRef(onRead);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    read.current = onRead;
  }, [onRead]);

  useEffect(() => {
    let stream: MediaStream | null = null;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function look(readCodes: (from: HTMLVideoElement) => Promise<string[]>): Promise<void> {
      const from = video.current;
      if (isOver || !from) return;
      if (from.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        // A frame that cannot be read is followed by the next one.
        const texts = await readCodes(from).catch(() => []);
        if (!isOver) for (const text of texts) read.current(text);
      }
      timer = setTimeout(() => void look(readCodes), LOOK_EVERY_MS);
    }

    async function begin(): Promise<void> {
      if (!window.isSecureContext || !("mediaDevices" in navigator)) {
        setProblem("insecure");
        return;
      }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
        const { readCodes } = await import("@/features/contacts/detector");
        if (isOver || !video.current) {
          stop(stream);
          return;
        }
        video.current.srcObject = stream;
        await video.current.play();
        await look(readCodes);
      } catch (error) {
        if (!isOver) setProblem(problemOf(error));
      }
    }

    void begin();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stop(stream);
    };
  }, []);

  if (problem) {
    return (
      <p role="alert" className="rounded-2xl bg-danger-soft px-4 py-3 text-danger">
        {t(`scan.${problem}`)}
      </p>
    );
  }
  return (
    <div className="relative aspect-square w-full overflow-hidden rounded-3xl bg-black">
      <video ref={video} playsInline muted aria-label={t("scan.looking")} className="size-full object-cover" />
      <span aria-hidden className="pointer-events-none absolute inset-[14%] rounded-3xl border-4 border-white/80">
        <span className="animate-sweep absolute inset-x-3 top-3 h-0.5 rounded-full bg-accent" />
      </span>
      <p className="absolute inset-x-0 bottom-3 text-center text-sm font-medium text-white drop-shadow">{t("scan.looking")}</p>
    </div>
  );
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function problemOf(error: unknown): Problem {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "noCamera";
  return "cameraFailed";
}
