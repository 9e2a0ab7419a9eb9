import type { ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  /** Rows that follow each other, with lines between them. */
  hasRows?: boolean;
}

/** Settings that belong together. */
export function Card({ title, children, hasRows = false }: Props) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2 px-2 text-sm font-semibold text-ink-2">{title}</h2>
      <div className={hasRows ? "divide-y divide-line rounded-3xl border border-line bg-raised px-5 py-1" : "space-y-3 rounded-3xl border border-line bg-raised p-5"}>{children}</div>
    </section>
  );
}
