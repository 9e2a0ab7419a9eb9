import { useEffect, useRef, type ReactNode } from "react";

import type { Message } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { monthKey, monthName } from "@/lib/time";
import type { Shared } from "@/parts/shared";
import { Button } from "@/ui/Button";

interface Item {
  message: Message;
}

interface Props<T extends Item> {
  shared: Shared;
  /** What the messages have, the newest first. */
  items: readonly T[];
  /** While nothing is known. */
  skeleton: ReactNode;
  /** Where there is nothing. */
  blank: ReactNode;
  /** The things of one month. */
  children: (items: T[]) => ReactNode;
}

/** What was shared, by month; more is read as one scrolls. */
export function Months<T extends Item>({ shared, items, skeleton, blank, children }: Props<T>) {
  const { t } = useTranslation();
  const { messages, error, isReading, more } = shared;
  if (messages === null && !error) return skeleton;
  return (
    <>
      {monthsOf(items).map((month) => {
        const time = month[0]?.message.created_at ?? "";
        return (
          <section key={monthKey(time)} aria-label={monthName(time, locale())}>
            <h3 className="sticky top-12 z-10 bg-surface/95 px-4 pt-3.5 pb-2 text-sm font-semibold text-ink-2">{monthName(time, locale())}</h3>
            {children(month)}
          </section>
        );
      })}
      {error ? (
        <div role="alert" className="flex flex-col items-center gap-3 px-8 py-10 text-center text-ink-2">
          {errorText(t, error)}
          {more && (
            <Button look="secondary" size="sm" onClick={more}>
              {t("common.retry")}
            </Button>
          )}
        </div>
      ) : more ? (
        <More key={items.length} onReach={more} isReading={isReading} skeleton={skeleton} />
      ) : (
        items.length === 0 && blank
      )}
    </>
  );
}

function monthsOf<T extends Item>(items: readonly T[]): T[][] {
  const months = new Map<string, T[]>();
  for (const item of items) {
    const key = monthKey(item.message.created_at);
    const month = months.get(key);
    if (month) month.push(item);
    else months.set(key, [item]);
  }
  return [...months.values()];
}

/** The end of what was read: more is asked for half a screen before it comes into view. */
function More({ onReach, isReading, skeleton }: { onReach: () => void; isReading: boolean; skeleton: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!ref.current || isReading) return;
    const observer = new IntersectionObserver(([end]) => end?.isIntersecting && onReach());
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [onReach, isReading]);
  return (
    <div className="relative">
      <div ref={ref} aria-hidden className="pointer-events-none absolute bottom-0 h-[50dvh] w-px" />
      {skeleton}
    </div>
  );
}
