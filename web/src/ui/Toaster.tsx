import { useEffect, useSyncExternalStore } from "react";

interface Toast {
  number: number;
  text: string;
  isProblem: boolean;
}

const SHOWN_MS = 5_000;
let shown: Toast | null = null;
let last = 0;
const listeners = new Set<() => void>();

function show(next: Toast | null): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Says something in passing: that it is done, or why it was not. */
export function toast(text: string, isProblem = false): void {
  show({ number: ++last, text, isProblem });
}

/** Where what was said in passing stands for a moment. */
export function Toaster() {
  const current = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  useEffect(() => {
    if (!current) return;
    const timer = setTimeout(() => show(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <div role={current?.isProblem ? "alert" : "status"} className="pointer-events-none fixed inset-x-0 bottom-24 z-50 flex justify-center px-4">
      {current && (
        <p key={current.number} className="animate-rise max-w-md rounded-2xl bg-ink px-4.5 py-3 text-sm font-medium text-canvas shadow-lift">
          {current.text}
        </p>
      )}
    </div>
  );
}
