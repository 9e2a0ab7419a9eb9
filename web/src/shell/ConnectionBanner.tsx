import { LoaderCircle, WifiOff } from "lucide-react";
import { useEffect, useState } from "react";

import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";

/** A short loss is nobody's business. */
const QUIET_MS = 1_500;

/** Says that there is no connection, and what that means; or that what was missed is still being read. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const messenger = useMessenger();
  // Null: all is well.
  const trouble = useStore((state) => (state.connection !== "online" ? state.connection : state.isUpdating ? "updating" : null));
  const isAway = trouble !== null;
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isAway) return;
    const timer = setTimeout(() => setLong(true), QUIET_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isAway]);

  const isShown = trouble === "offline" || (isAway && isLong);
  return (
    <div role="status">
      {trouble && isShown && (
        <div className="flex min-h-11 items-center gap-2.5 bg-ink px-5 py-2 text-sm font-medium text-canvas">
          {trouble === "offline" ? <WifiOff aria-hidden className="size-4.5 shrink-0" /> : <LoaderCircle aria-hidden className="size-4.5 shrink-0 animate-spin" />}
          <span className="flex-1">{t(`connection.${trouble}`)}</span>
          {trouble === "waiting" && (
            <Button look="quiet" size="sm" className="-my-1 text-canvas! hover:bg-ink-2/40!" onClick={messenger.reconnectNow}>
              {t("connection.retry")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
