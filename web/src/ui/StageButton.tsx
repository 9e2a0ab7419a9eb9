import type { ButtonHTMLAttributes, ReactNode } from "react";

import { classes } from "@/ui/classes";

const looks = {
  plain: "bg-stage-2 text-stage-ink enabled:hover:bg-stage-3",
  /** Something is switched off. */
  off: "bg-stage-ink text-stage enabled:hover:bg-white",
  danger: "bg-hangup text-white enabled:hover:brightness-110",
  good: "bg-answer text-white enabled:hover:brightness-110",
  bare: "text-stage-ink enabled:hover:bg-stage-2",
} as const;

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, for those who cannot see the icon; also its tooltip. */
  label: string;
  look?: keyof typeof looks;
  size?: "md" | "lg";
  children: ReactNode;
}

/** A round button on a stage. */
export function StageButton({ label, look = "plain", size = "md", className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        "inline-flex shrink-0 items-center justify-center rounded-full transition duration-150 outline-offset-3 enabled:active:scale-95 disabled:opacity-40",
        size === "lg" ? "size-16" : "size-13",
        looks[look],
        className,
      )}
    >
      {children}
    </button>
  );
}
