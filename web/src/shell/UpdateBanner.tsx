import { Sparkles } from "lucide-react";
import { useSyncExternalStore } from "react";

import { useTranslation } from "@/i18n/react";
import { isUpdateReady, subscribeUpdate, takeUpdate } from "@/lib/worker";
import { Button } from "@/ui/Button";

/** Says that a newer version of the client stands ready; it waits for as long as one likes. */
export function UpdateBanner() {
  const { t } = useTranslation();
  const isReady = useSyncExternalStore(subscribeUpdate, isUpdateReady);
  return (
    <div role="status">
      {isReady && (
        <div className="flex min-h-11 items-center gap-2.5 bg-accent-soft px-5 py-2 text-sm font-medium text-accent-strong">
          <Sparkles aria-hidden className="size-4.5 shrink-0" />
          <span className="flex-1">{t("notifications.update.ready")}</span>
          <Button look="quiet" size="sm" className="-my-1 hover:bg-surface!" onClick={takeUpdate}>
            {t("notifications.update.reload")}
          </Button>
        </div>
      )}
    </div>
  );
}
