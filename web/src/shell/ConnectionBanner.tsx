import { LoaderCircle, WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";

/** A short loss is nobody's business. */
const QUIET_MS = 1_500;

/** Says that there is no connection, and what that means. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const connection = useStore((state) => state.connection);
  const isAway = connection !== "online";
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isAway) return;
    const timer = setTimeout(() => setLong(true), QUIET_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isAway]);

  const isShown = connection === "offline" || (isAway && isLong);
  return (
    <div role="status">
      {isShown && (
        <div className="flex min-h-11 items-center gap-2.5 bg-ink px-5 py-2 text-sm font-medium text-canvas">
          {connection === "offline" ? <WifiOff aria-hidden className="size-4.5 shrink-0" /> : <LoaderCircle aria-hidden className="size-4.5 shrink-0 animate-spin" />}
          <span className="flex-1">{t(`connection.${connection}`)}</span>
          {connection === "waiting" && (
            <Button look="quiet" size="sm" className="-my-1 text-canvas! hover:bg-ink-2/40!" onClick={messenger.reconnectNow}>
              {t("connection.retry")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
