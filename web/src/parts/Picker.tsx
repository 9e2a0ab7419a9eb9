import { Check, Search } from "lucide-react";
import { useMemo, useState } from "react";

import type { Id } from "@/api/types";
import { fold } from "@/lib/text";
import { Avatar } from "@/ui/Avatar";
import { Name } from "@/ui/Name";
import { classes } from "@/ui/classes";

/** Someone or something that can be chosen. */
export interface Choice {
  id: Id;
  name: string;
  /** What the colour of its picture goes by. */
  seed: Id;
  url: string | null | undefined;
}

interface Props {
  label: string;
  choices: Choice[];
  chosen: readonly Id[];
  onToggle: (id: Id) => void;
  /** Said where there is nothing to choose from. */
  empty: string;
  /** One click is the choice: no ticks. */
  isSingle?: boolean;
}

/** A list to choose from, with a filter once it is long. */
export function Picker({ label, choices, chosen, onToggle, empty, isSingle = false }: Props) {
  const [query, setQuery] = useState("");
  const shown = useMemo(() => {
    const wanted = fold(query.trim());
    return wanted ? choices.filter((choice) => fold(choice.name).includes(wanted)) : choices;
  }, [choices, query]);
  if (choices.length === 0) return <p className="py-6 text-center text-ink-2">{empty}</p>;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      {choices.length > 6 && (
        <div className="relative">
          <Search aria-hidden className="pointer-events-none absolute start-4 top-1/2 size-4.5 -translate-y-1/2 text-ink-3" />
          <input
            type="search"
            dir="auto"
            aria-label={label}
            placeholder={label}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            className="h-11 w-full rounded-full bg-sunken ps-11 pe-4 placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
          />
        </div>
      )}
      <ul aria-label={label} className="-mx-2 max-h-[46dvh] min-h-0 flex-1 overflow-y-auto">
        {shown.map((choice) => {
          const isChosen = chosen.includes(choice.id);
          return (
            <li key={choice.id}>
              <button
                type="button"
                role={isSingle ? undefined : "checkbox"}
                aria-checked={isSingle ? undefined : isChosen}
                aria-label={choice.name}
                onClick={() => onToggle(choice.id)}
                className="flex w-full items-center gap-3 rounded-2xl px-2 py-2 text-start transition-colors hover:bg-sunken"
              >
                <Avatar name={choice.name} seed={choice.seed} url={choice.url} size="sm" />
                <span className="min-w-0 flex-1">
                  <Name className="font-semibold">{choice.name}</Name>
                </span>
                {!isSingle && (
                  <span
                    aria-hidden
                    className={classes("flex size-6 items-center justify-center rounded-full border-2 transition", isChosen ? "border-accent bg-accent text-on-accent" : "border-line")}
                  >
                    {isChosen && <Check className="size-4" strokeWidth={3} />}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
