import { X } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

import { IconButton } from "@/ui/Button";

interface Props {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
}

/** What stands beside a conversation: a column on wide screens, all of a narrow one. */
export function Panel({ title, closeLabel, onClose, children }: Props) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // A dialog that was opened from here is closed alone.
    if (event.target instanceof Element && event.target.closest("dialog")) return;
    event.stopPropagation();
    onClose();
  }
  return (
    // Escape closes it from wherever the focus is inside.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside ref={ref} tabIndex={-1} aria-label={title} onKeyDown={onKeyDown} className="safe-top flex h-full min-h-0 flex-col bg-surface outline-none">
      <header className="flex min-h-16 shrink-0 items-center gap-2 border-b border-line px-3">
        <IconButton label={closeLabel} onClick={onClose}>
          <X aria-hidden className="size-5" />
        </IconButton>
        <h2 className="text-lg font-bold">{title}</h2>
      </header>
      <div className="safe-bottom min-h-0 flex-1 overflow-y-auto">{children}</div>
    </aside>
  );
}
