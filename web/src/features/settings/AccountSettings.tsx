import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Card } from "@/features/settings/Card";
import { DeleteAccountDialog } from "@/features/settings/DeleteAccountDialog";
import { ExportCard } from "@/features/settings/ExportCard";

import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { fileSize } from "@/lib/size";
import { Button } from "@/ui/Button";

/** What there is of me: what this browser keeps, a copy of all, and the end of it. */
export function AccountSettings() {
  const { t } = useTranslation();
  const [isDeleting, setDeleting] = useState(false);
  return (
    <div className="space-y-8">
      <ExportCard />
      <Storage />
      <Card title={t("account.delete.title")}>
        <p className="text-ink-2">{t("account.delete.text")}</p>
        <Button look="danger" onClick={() => setDeleting(true)}>
          {t("account.delete.start")}
        </Button>
      </Card>
      {isDeleting && <DeleteAccountDialog onClose={() => setDeleting(false)} />}
    </div>
  );
}

function Storage() {
  const { t } = useTranslation();
  // Not every browser says.
  const used = useQuery({ queryKey: ["browser-storage"], queryFn: async () => (await navigator.storage?.estimate())?.usage ?? null });
  return (
    <Card title={t("account.storage.title")}>
      <div className="flex items-baseline justify-between gap-4">
        <p className="font-medium">{t("account.storage.browser")}</p>
        <p className="text-ink-2">{used.data == null ? t("account.storage.unknown") : fileSize(used.data, locale())}</p>
      </div>
      <p className="text-sm text-ink-2">{t("account.storage.browserHint")}</p>
    </Card>
  );
}
