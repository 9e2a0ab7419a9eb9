import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode } from "react";

import { classes } from "@/ui/classes";

const looks = {
  primary: "bg-accent text-on-accent enabled:hover:bg-accent-strong shadow-soft",
  secondary: "bg-sunken text-ink enabled:hover:bg-line",
  quiet: "text-accent-strong enabled:hover:bg-accent-soft",
  danger: "bg-danger-soft text-danger enabled:hover:brightness-95",
} as const;

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  size?: "md" | "sm";
  isBusy?: boolean;
  icon?: ReactNode;
}

export function Button({ look = "primary", size = "md", isBusy = false, icon, className, children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={classes(
        "inline-flex items-center justify-center gap-2 rounded-full font-semibold transition duration-150 enabled:active:scale-[0.98]",
        size === "md" ? "min-h-12 px-6" : "min-h-9 px-4 text-sm",
        disabled && !isBusy ? (look === "quiet" ? "text-ink-3" : "bg-sunken text-ink-3") : looks[look],
        className,
      )}
    >
      {isBusy ? <LoaderCircle aria-hidden className="size-5 animate-spin" /> : icon}
      {children}
    </button>
  );
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, for those who cannot see the icon; also its tooltip. */
  label: string;
  look?: "plain" | "accent";
}

export function IconButton({ label, look = "plain", className, children, ...rest }: IconProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        "inline-flex size-11 shrink-0 items-center justify-center rounded-full transition duration-150 enabled:active:scale-95",
        look === "accent" ? "bg-accent text-on-accent enabled:hover:bg-accent-strong disabled:bg-sunken disabled:text-ink-3" : "text-ink-2 hover:bg-sunken hover:text-ink",
        className,
      )}
    >
      {children}
    </button>
  );
}
