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
    <section role="status" aria-label={t("notifications.offer.title")} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-raised px-5 py-2.5">
      <span aria-hidden className="flex size-10 shrink-0 items-center justify-center rounded-2xl bg-accent-soft text-accent-strong">
        <BellRing className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="font-bold">{t("notifications.offer.title")}</h2>
        <p className="text-sm text-ink-2">{t("notifications.offer.text")}</p>
      </div>
      <div className="ms-auto flex gap-2">
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
