import { ImagePlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import { useTranslation } from "@/i18n/react";

interface Props {
  /** What the chat is called. */
  name: string;
  onFiles: (files: File[]) => void;
}

/** Takes files that are dropped anywhere on the conversation around it. */
export function DropZone({ name, onFiles }: Props) {
  const { t } = useTranslation();
  const here = useRef<HTMLSpanElement>(null);
  const [target, setTarget] = useState<Element | null>(null);
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  }, [onFiles]);

  useEffect(() => {
    const section = here.current?.closest("section");
    if (!section) return;
    // Entering a child comes before leaving its parent.
    let depth = 0;
    const over = (): void => setTarget(depth > 0 ? section : null);
    const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const onEnter = (event: DragEvent): void => {
      if (!isFiles(event)) return;
      event.preventDefault();
      depth++;
      over();
    };
    const onOver = (event: DragEvent): void => {
      if (isFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent): void => {
      if (!isFiles(event)) return;
      depth = Math.max(0, depth - 1);
      over();
    };
    const onDrop = (event: DragEvent): void => {
      if (!isFiles(event)) return;
      event.preventDefault();
      depth = 0;
      over();
      take.current([...(event.dataTransfer?.files ?? [])]);
    };
    section.addEventListener("dragenter", onEnter);
    section.addEventListener("dragover", onOver);
    section.addEventListener("dragleave", onLeave);
    section.addEventListener("drop", onDrop);
    return () => {
      section.removeEventListener("dragenter", onEnter);
      section.removeEventListener("dragover", onOver);
      section.removeEventListener("dragleave", onLeave);
      section.removeEventListener("drop", onDrop);
    };
  }, []);

  return (
    <span ref={here} hidden>
      {target &&
        createPortal(
          <div className="pointer-events-none absolute inset-0 z-30 p-4">
            <p className="animate-rise flex size-full flex-col items-center justify-center gap-3 rounded-3xl border-3 border-dashed border-accent bg-surface/92 text-center">
              <ImagePlus aria-hidden className="size-12 text-accent-strong" />
              <span className="text-xl font-bold">{t("attach.drop")}</span>
              <span className="text-ink-2">{t("attach.dropHint", { name })}</span>
            </p>
          </div>,
          target,
        )}
    </span>
  );
}
