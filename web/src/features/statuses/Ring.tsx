import type { Status } from "@/api/statuses";
import type { Id } from "@/api/types";
import { Avatar } from "@/ui/Avatar";

interface Props {
  name: string;
  seed: Id;
  url: string | null | undefined;
  statuses: readonly Status[];
}

/** More than these would be dots. */
const PARTS_MAX = 24;
const GAP = 3;

/** A face in a ring of as many parts as there are statuses; those not seen yet glow. */
export function Ring({ name, seed, url, statuses }: Props) {
  const parts = statuses.slice(-PARTS_MAX);
  const step = 100 / Math.max(1, parts.length);
  const gap = parts.length > 1 ? GAP : 0;
  return (
    <span className="relative flex size-15 shrink-0 items-center justify-center">
      <Avatar name={name} seed={seed} url={url} />
      <svg aria-hidden viewBox="0 0 60 60" className="absolute inset-0 size-full -rotate-90">
        {parts.map((status, index) => (
          <circle
            key={status.id}
            cx="30"
            cy="30"
            r="28.5"
            fill="none"
            strokeWidth="2.5"
            strokeLinecap="round"
            pathLength={100}
            strokeDasharray={`${step - gap} ${100 - step + gap}`}
            strokeDashoffset={-(index * step + gap / 2)}
            className={status.viewed ? "stroke-line" : "stroke-accent"}
          />
        ))}
      </svg>
    </span>
  );
}
