import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

import { classes } from "@/ui/classes";

interface Props {
  label: string;
  /** Escape was pressed. */
  onEscape: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  children: ReactNode;
  className?: string;
}

/** The whole window, dark in both themes, for pictures and faces. The browser's own modal dialog keeps the focus. */
export function Stage({ label, onEscape, onKeyDown, children, className }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    (dialog?.querySelector<HTMLElement>("[data-first]") ?? dialog)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={label}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        // Of a popover inside, or of this.
        if (event.target === ref.current) onEscape();
      }}
      onKeyDown={onKeyDown}
      className={classes("m-0 h-dvh max-h-none w-screen max-w-none overflow-hidden bg-stage text-stage-ink outline-none", className)}
    >
      {children}
    </dialog>
  );
}
