import { classes } from "@/ui/classes";

/** Rows of a list that is being read. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-hidden className="animate-shimmer px-2">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-3 px-2 py-3">
          <span className="size-12 shrink-0 rounded-full bg-sunken" />
          <span className="flex-1 space-y-2">
            <span className={classes("block h-3.5 rounded-full bg-sunken", row % 2 ? "w-2/5" : "w-3/5")} />
            <span className={classes("block h-3 rounded-full bg-sunken", row % 3 ? "w-4/5" : "w-1/2")} />
          </span>
        </div>
      ))}
    </div>
  );
}

/** Bubbles of a conversation that is being read. */
export function SkeletonBubbles() {
  const widths = ["w-48", "w-64", "w-36", "w-56", "w-40", "w-60"];
  return (
    <div aria-hidden className="animate-shimmer flex h-full flex-col justify-end gap-3 p-4">
      {widths.map((width, row) => (
        <span key={width} className={classes("h-11 max-w-[75%] rounded-2xl", width, row % 3 === 1 ? "self-end bg-own" : "bg-other")} />
      ))}
    </div>
  );
}
