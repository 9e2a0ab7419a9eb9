import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from "react";

import { classes } from "@/ui/classes";

const GAP = 6;
const EDGE = 8;

interface Props {
  /** What it stands beside, as it is on the screen. */
  anchor: DOMRect;
  label: string;
  role?: "menu" | "dialog";
  onClose: () => void;
  children: ReactNode;
  className?: string;
}

/**
 * A small sheet beside what opened it, in the browser's top layer. The arrow keys go through what
 * can be chosen; Escape, a click elsewhere and scrolling close it, and the focus goes back.
 */
export function Popover({ anchor, label, role = "menu", onClose, children, className }: Props) {
  const ref = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const sheet = ref.current;
    if (!sheet) return;
    const back = document.activeElement;
    sheet.showPopover?.();
    place(sheet, anchor);
    (choices(sheet)[0] ?? sheet).focus({ preventScroll: true });
    return () => {
      // Unless what was chosen has taken the focus elsewhere.
      const isHere = sheet.contains(document.activeElement) || document.activeElement === document.body;
      if (isHere && back instanceof HTMLElement) back.focus({ preventScroll: true });
    };
  }, [anchor]);

  useEffect(() => {
    const elsewhere = (event: Event): void => {
      if (!(event.target instanceof Node) || !ref.current?.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", elsewhere, true);
    document.addEventListener("scroll", elsewhere, true);
    addEventListener("resize", onClose);
    return () => {
      document.removeEventListener("pointerdown", elsewhere, true);
      document.removeEventListener("scroll", elsewhere, true);
      removeEventListener("resize", onClose);
    };
  }, [onClose]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
      return;
    }
    if ((event.target as HTMLElement).matches("input, textarea")) return;
    const all = choices(ref.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    const to = steps[event.key];
    if (to === undefined || all.length === 0) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  }

  return (
    <div
      ref={ref}
      popover="manual"
      role={role}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className={classes(
        "animate-rise fixed inset-auto m-0 max-h-[80dvh] max-w-[calc(100vw-1rem)] overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 text-ink shadow-lift outline-none",
        className,
      )}
    >
      {children}
    </div>
  );
}

function choices(sheet: HTMLElement | null): HTMLElement[] {
  return [...(sheet?.querySelectorAll<HTMLElement>("button:not(:disabled), a[href], input") ?? [])];
}

/** Below what opened it, or above where there is no room; never over the edge. */
function place(sheet: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = sheet;
  const isRtl = getComputedStyle(sheet).direction === "rtl";
  const aligned = isRtl ? anchor.left : anchor.right - width;
  const left = Math.min(Math.max(EDGE, aligned), innerWidth - width - EDGE);
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - height;
  const top = below + height <= innerHeight - EDGE ? below : above >= EDGE ? above : Math.max(EDGE, innerHeight - height - EDGE);
  sheet.style.left = `${left}px`;
  sheet.style.top = `${top}px`;
}
