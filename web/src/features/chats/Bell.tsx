import { Bell as Icon } from "lucide-react";

import { useTranslation } from "@/i18n/react";
import { useStore } from "@/store/react";
import { unreadNotices } from "@/store/selectors";

/** Leads to the notifications, and says how many are unread. */
export function Bell() {
  const { t } = useTranslation();
  const count = useStore(unreadNotices);
  const label = count > 0 ? `${t("notifications.open")}, ${t("notifications.unread", { count })}` : t("notifications.open");
  return (
    <a
      href="#/notifications"
      aria-label={label}
      title={t("notifications.open")}
      className="relative inline-flex size-11 shrink-0 items-center justify-center rounded-full text-ink-2 transition hover:bg-sunken hover:text-ink"
    >
      <Icon aria-hidden className="size-5" />
      {count > 0 && (
        <span aria-hidden className="absolute top-1 end-1 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-accent px-1 text-[0.65rem] font-bold text-on-accent">
          {count > 99 ? "99+" : count}
        </span>
      )}
    </a>
  );
}
