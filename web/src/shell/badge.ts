import { useEffect } from "react";

import { useTranslation } from "@/i18n/react";
import { useStore } from "@/store/react";
import { badgeOf } from "@/store/selectors";

/** The number of what is unread stands in the tab's title and on the app's icon; a dot on the tab's. */
export function useBadge(): void {
  const { t } = useTranslation();
  const unread = useStore(badgeOf);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 999 ? "999+" : unread}) ${t("app.name")}` : t("app.name");
    setIcon(unread > 0);
    setAppBadge(unread);
  }, [unread, t]);
  useEffect(
    () => () => {
      document.title = t("app.name");
      setIcon(false);
      setAppBadge(0);
    },
    [t],
  );
}

function setIcon(hasUnread: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) link.href = hasUnread ? "/icon-unread.svg" : "/icon.svg";
}

function setAppBadge(unread: number): void {
  // Not every browser and system has one.
  if (unread > 0) navigator.setAppBadge?.(unread).catch(() => undefined);
  else navigator.clearAppBadge?.().catch(() => undefined);
}
