import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";

import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";

interface Props {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
  /** Fills a phone's screen. */
  isTall?: boolean;
}

/**
 * The browser's own modal dialog: it keeps the focus, closes on Escape and returns the focus,
 * without a library that would inject styles the content policy forbids.
 */
export function Dialog({ title, closeLabel, onClose, children, isTall = false }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // Where one begins to write; else the browser has chosen the first button.
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // The backdrop is part of the dialog element; Escape does the same for the keyboard.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className={classes(
        "m-auto bg-surface text-ink shadow-lift",
        isTall
          ? "h-dvh max-h-none w-screen max-w-none md:h-fit md:max-h-[92dvh] md:w-[26rem] md:rounded-3xl"
          : "w-[calc(100vw-2rem)] max-w-sm rounded-3xl",
      )}
    >
      <div className={classes("flex flex-col", isTall ? "safe-sheet min-h-full" : "p-5")}>
        <header className="flex items-center justify-between gap-2 pb-2">
          <h2 id={titleId} className="text-xl font-bold">
            {title}
          </h2>
          <IconButton label={closeLabel} onClick={onClose} className="-me-2">
            <X aria-hidden className="size-5" />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}
