import { Check, CheckCheck, CircleAlert, Clock3 } from "lucide-react";

import { classes } from "@/ui/classes";

export type TickKind = "sending" | "sent" | "delivered" | "seen" | "failed";

/** How far an own message has got: clock, one tick, two, two in blue; a red sign when it failed. */
export function Ticks({ kind, label }: { kind: TickKind; label: string }) {
  const Icon = kind === "sending" ? Clock3 : kind === "failed" ? CircleAlert : kind === "sent" ? Check : CheckCheck;
  return (
    <Icon
      role="img"
      aria-label={label}
      strokeWidth={2.4}
      className={classes("inline-block shrink-0", kind === "sending" ? "size-3.5" : "size-4", kind === "seen" && "text-seen", kind === "failed" && "text-danger")}
    />
  );
}
