import { useId } from "react";

import { classes } from "@/ui/classes";

interface Props {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A setting that is on or off. */
export function Switch({ label, hint, checked, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-4 py-3">
      <span>
        <span id={id} className="block font-medium">
          {label}
        </span>
        {hint && <span className="block text-sm text-ink-2">{hint}</span>}
      </span>
      <button
        type="button"
        role="switch"
        aria-checked={checked}
        aria-labelledby={id}
        onClick={() => onChange(!checked)}
        className={classes("relative h-8 w-14 shrink-0 rounded-full transition duration-200", checked ? "bg-accent" : "bg-ink-3/50")}
      >
        <span className={classes("absolute top-1 start-1 size-6 rounded-full bg-white shadow-soft transition duration-200", checked && "translate-x-6 rtl:-translate-x-6")} />
      </button>
    </div>
  );
}
