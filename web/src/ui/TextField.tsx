import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from "react";

import { classes } from "@/ui/classes";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  ref?: Ref<HTMLInputElement>;
}

/** A labelled line of text; an error takes the hint's place and is announced. */
export function TextField({ label, hint, error, className, ...rest }: Props) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold text-ink-2">
        {label}
      </label>
      <input
        id={id}
        dir="auto"
        {...rest}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? note : undefined}
        className={classes(
          "w-full rounded-2xl border bg-raised px-4 py-3 text-ink transition placeholder:text-ink-3 focus:outline-2 focus:outline-offset-0 focus:outline-accent",
          error ? "border-danger" : "border-line",
          className,
        )}
      />
      {(error || hint) && (
        <p id={note} role={error ? "alert" : undefined} className={classes("mt-1.5 text-sm", error ? "text-danger" : "text-ink-2")}>
          {error || hint}
        </p>
      )}
    </div>
  );
}
