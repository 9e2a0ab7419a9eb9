import { useEffect } from "react";

import { Banners } from "@/features/notifications/Banners";
import { WarningDialog } from "@/features/notifications/WarningDialog";
import { useTranslation } from "@/i18n/react";
import { keepWords } from "@/lib/words";

/** What stands above every screen to tell of something. */
export function NotificationLayer() {
  const { t } = useTranslation();
  useEffect(() => {
    // While no page is open the worker speaks, and has to know the language.
    void keepWords(t("notifications.push", { returnObjects: true }));
  }, [t]);
  return (
    <>
      <Banners />
      <WarningDialog />
    </>
  );
}
