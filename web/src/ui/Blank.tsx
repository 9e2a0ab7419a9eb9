import type { ReactNode } from "react";

interface Props {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  /** What to do about it. */
  action?: ReactNode;
}

/** A place with nothing in it, saying why and what helps. */
export function Blank({ icon, title, children, action }: Props) {
  return (
    <div className="animate-rise flex flex-col items-center gap-3 px-8 py-12 text-center">
      <span aria-hidden className="mb-1 flex size-20 items-center justify-center rounded-[2rem] bg-accent-soft text-accent-strong">
        {icon}
      </span>
      <h2 className="text-lg font-bold">{title}</h2>
      <p className="max-w-80 text-ink-2">{children}</p>
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
