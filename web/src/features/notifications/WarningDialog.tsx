import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

/** What the server's staff have to say to me, one after the other, each once. */
export function WarningDialog() {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [warning] = useStore((state) => state.warnings);
  const count = useStore((state) => state.warnings.length);
  if (warning === undefined) return null;
  return (
    <Dialog key={count} title={t("notifications.warning.title")} closeLabel={t("common.close")} onClose={messenger.notices.warned}>
      <p className="text-ink-2">{t("notifications.warning.text")}</p>
      <p dir="auto" className="mt-3 rounded-2xl bg-sunken px-4 py-3 whitespace-pre-wrap">
        {warning}
      </p>
      <div className="mt-5 flex justify-end">
        <Button onClick={messenger.notices.warned}>{t("notifications.warning.understood")}</Button>
      </div>
    </Dialog>
  );
}
