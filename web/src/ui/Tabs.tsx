import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";

import { classes } from "@/ui/classes";

interface Props<T extends string> {
  /** Of what there are tabs. */
  label: string;
  tabs: readonly { key: T; name: string }[];
  chosen: T;
  onChoose: (key: T) => void;
  /** What the chosen tab shows. */
  children: ReactNode;
}

/** One of several views, chosen above it by a click or with the arrow keys. */
export function Tabs<T extends string>({ label, tabs, chosen, onChoose, children }: Props<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.findIndex((tab) => tab.key === chosen);
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const steps: Record<string, number> = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: -1 };
    const to = steps[event.key];
    const tab = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (!tab) return;
    event.preventDefault();
    onChoose(tab.key);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.key}"]`)?.focus();
  }

  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus -- the chosen tab has the focus */}
      <div ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown} className="sticky top-0 z-20 flex border-b border-line bg-surface px-2">
        {tabs.map((tab) => {
          const isChosen = tab.key === chosen;
          return (
            <button
              key={tab.key}
              type="button"
              role="tab"
              data-tab={tab.key}
              id={`${id}-${tab.key}`}
              aria-selected={isChosen}
              aria-controls={`${id}-panel`}
              tabIndex={isChosen ? 0 : -1}
              onClick={() => onChoose(tab.key)}
              className={classes(
                "-mb-px min-h-12 flex-1 truncate border-b-3 px-2 font-semibold transition-colors focus-visible:outline-offset-[-3px]",
                isChosen ? "border-accent text-accent-strong" : "border-transparent text-ink-2 hover:text-ink",
              )}
            >
              {tab.name}
            </button>
          );
        })}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} className="outline-none">
        {children}
      </div>
    </>
  );
}
