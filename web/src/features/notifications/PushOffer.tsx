import { BellRing } from "lucide-react";
import { useSyncExternalStore } from "react";

import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";

/** Asks once, after a first message, whether this device shall tell of the answers. */
export function PushOffer() {
  const { t } = useTranslation();
  const { pushes } = useMessenger();
  const isOffered = useSyncExternalStore(pushes.subscribe, pushes.getOffered);
  if (!isOffered) return null;
  return (
    <section
      role="status"
      aria-label={t("notifications.offer.title")}
      className="animate-rise fixed inset-x-3 top-[max(0.75rem,env(safe-area-inset-top))] z-30 rounded-3xl border border-line bg-raised p-4 shadow-lift md:start-auto md:w-96"
    >
      <div className="flex gap-3">
        <span aria-hidden className="flex size-10 shrink-0 items-center justify-center rounded-2xl bg-accent-soft text-accent-strong">
          <BellRing className="size-5" />
        </span>
        <div className="min-w-0">
          <h2 className="font-bold">{t("notifications.offer.title")}</h2>
          <p className="text-sm text-ink-2">{t("notifications.offer.text")}</p>
        </div>
      </div>
      <div className="mt-3 flex justify-end gap-2">
        <Button size="sm" look="secondary" onClick={() => pushes.decline()}>
          {t("notifications.offer.later")}
        </Button>
        <Button size="sm" onClick={() => void pushes.turnOn()}>
          {t("notifications.offer.on")}
        </Button>
      </div>
    </section>
  );
}
