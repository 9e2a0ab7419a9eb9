import { CircleFadingPlus, MessageCircle, Phone, QrCode, Settings, Users } from "lucide-react";
import type { ReactNode } from "react";

import { useTranslation } from "@/i18n/react";
import type { Route } from "@/lib/route";
import { useStore } from "@/store/react";
import { incomingRequests, totalUnread } from "@/store/selectors";
import { statusFeed } from "@/store/statuses";
import { classes } from "@/ui/classes";

interface Props {
  at: Route["at"];
  onShowQr: () => void;
}

/** The sections: a rail beside the list on wide screens, a bar below it on a phone. */
export function NavRail({ at, onShowQr }: Props) {
  const { t } = useTranslation();
  const unread = useStore(totalUnread);
  const requests = useStore((state) => incomingRequests(state).length);
  const news = useStore((state) => statusFeed(state).recent.length);
  const hasStatuses = useStore((state) => state.statuses.mode === "on");
  return (
    <nav
      aria-label={t("nav.label")}
      className="safe-bottom flex shrink-0 border-line bg-canvas max-md:border-t md:w-20 md:flex-col md:justify-start md:gap-1 md:border-e md:px-2 md:pt-4 md:pb-4"
    >
      <img src="/icon.svg" alt="" className="mx-auto mb-4 size-10 max-md:hidden" />
      <Section href="#/" label={t("nav.chats")} isHere={at === "chats" || at === "notifications" || at === "connect" || at === "join"} count={unread} countLabel={t("chats.unread", { count: unread })}>
        <MessageCircle aria-hidden className="size-6" />
      </Section>
      {hasStatuses && (
        <Section href="#/statuses" label={t("nav.statuses")} isHere={at === "statuses"} count={news} countLabel={t("statuses.news", { count: news })}>
          <CircleFadingPlus aria-hidden className="size-6" />
        </Section>
      )}
      <Section href="#/calls" label={t("nav.calls")} isHere={at === "calls"}>
        <Phone aria-hidden className="size-6" />
      </Section>
      <Section href="#/people" label={t("nav.people")} isHere={at === "people"} count={requests} countLabel={t("people.requests", { count: requests })}>
        <Users aria-hidden className="size-6" />
      </Section>
      <button type="button" onClick={onShowQr} className={classes(item, "text-ink-2 hover:text-ink")}>
        <span className="flex h-8 w-14 items-center justify-center rounded-full">
          <QrCode aria-hidden className="size-6" />
        </span>
        {t("nav.qr")}
      </button>
      <span className="flex flex-1 md:mt-auto md:flex-none">
        <Section href="#/settings" label={t("nav.settings")} isHere={at === "settings"}>
          <Settings aria-hidden className="size-6" />
        </Section>
      </span>
    </nav>
  );
}

const item = "flex min-h-16 w-full flex-1 flex-col items-center justify-center gap-0.5 rounded-2xl px-1 text-xs font-semibold transition-colors md:flex-none";

interface SectionProps {
  href: string;
  label: string;
  isHere: boolean;
  count?: number;
  countLabel?: string;
  children: ReactNode;
}

function Section({ href, label, isHere, count = 0, countLabel, children }: SectionProps) {
  return (
    <a href={href} aria-current={isHere ? "page" : undefined} className={classes(item, isHere ? "text-accent-strong" : "text-ink-2 hover:text-ink")}>
      <span className={classes("relative flex h-8 w-14 items-center justify-center rounded-full transition-colors", isHere && "bg-accent-soft")}>
        {children}
        {count > 0 && (
          <span
            role="img"
            aria-label={countLabel}
            className="absolute -top-1 end-1 flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1 text-[0.68rem] font-bold text-on-accent"
          >
            {count > 99 ? "99+" : count}
          </span>
        )}
      </span>
      {label}
    </a>
  );
}
