import { classes } from "@/ui/classes";

/** A name in its own direction, cut at its own end, standing where the page's direction begins. */
export function Name({ children, className }: { children: string; className?: string }) {
  return (
    <span className="flex min-w-0">
      <span dir="auto" className={classes("truncate", className)}>
        {children}
      </span>
    </span>
  );
}
