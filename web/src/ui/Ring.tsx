import { X } from "lucide-react";

interface Props {
  /** 0 to 1; null: it is not known how far. */
  part: number | null;
  /** What is under way. */
  label: string;
  /** What ends it, and what that is called. */
  cancel?: { label: string; onCancel: () => void } | undefined;
}

const RADIUS = 18;
const ROUND = 2 * Math.PI * RADIUS;

/** How far something is, as a ring; with a way to end it inside. */
export function Ring({ part, label, cancel }: Props) {
  const shown = part ?? 0.25;
  const ring = (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={part === null ? undefined : Math.round(part * 100)}
      className={part === null ? "size-full animate-spin" : "size-full"}
    >
      <svg aria-hidden viewBox="0 0 44 44" className="size-full -rotate-90">
        <circle cx="22" cy="22" r={RADIUS} fill="none" stroke="currentColor" strokeOpacity="0.3" strokeWidth="3" />
        <circle cx="22" cy="22" r={RADIUS} fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeDasharray={`${Math.max(0.03, shown) * ROUND} ${ROUND}`} className="transition-[stroke-dasharray] duration-200" />
      </svg>
    </span>
  );
  return (
    <span className="relative flex size-12 shrink-0 items-center justify-center rounded-full bg-black/55 text-white">
      {ring}
      {cancel && (
        <button type="button" aria-label={cancel.label} title={cancel.label} onClick={cancel.onCancel} className="absolute inset-0 flex items-center justify-center rounded-full">
          <X aria-hidden className="size-5" />
        </button>
      )}
    </span>
  );
}
