import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect } from "react";

import { getExport, startExport, type Export } from "@/api/exports";
import { ApiError } from "@/api/http";
import { Card } from "@/features/settings/Card";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { fileSize } from "@/lib/size";
import { moment } from "@/lib/time";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";

const key = ["export"];

async function newest(): Promise<Export | null> {
  try {
    return await getExport();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Asks for a copy of all that there is of me, shows how it goes, and hands it over. */
export function ExportCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useQuery({ queryKey: key, queryFn: newest });
  const told = useStore((state) => state.export);
  useEffect(() => {
    if (told) client.setQueryData(key, told);
  }, [client, told]);
  const start = useMutation({ mutationFn: startExport, onSuccess: (made) => client.setQueryData(key, made) });
  const made = asked.data ?? null;
  const isUnderWay = made?.state === "waiting" || made?.state === "running";
  const error = start.error ?? asked.error;
  return (
    <Card title={t("account.export.title")}>
      <p className="text-ink-2">{t("account.export.text")}</p>
      {error && (
        <p role="alert" className="text-danger">
          {errorText(t, error, { "429": t("account.export.tooMany") })}
        </p>
      )}
      {made?.state === "failed" && <p role="alert" className="text-danger">{made.message}</p>}
      {isUnderWay && <Progress made={made} />}
      {made?.state === "ready" && made.url && (
        <div className="space-y-3 rounded-2xl bg-sunken p-4">
          <p>
            {t("account.export.ready", { when: moment(made.created_at, locale()) })}{" "}
            {made.expires_at && <span className="text-ink-2">{t("account.export.expires", { when: moment(made.expires_at, locale()) })}</span>}
          </p>
          <a
            href={made.url}
            download
            className="inline-flex min-h-12 items-center justify-center gap-2 rounded-full bg-accent px-6 font-semibold text-on-accent shadow-soft transition hover:bg-accent-strong"
          >
            <Download aria-hidden className="size-5" />
            {t("account.export.download", { size: fileSize(made.size ?? 0, locale()) })}
          </a>
        </div>
      )}
      {!isUnderWay && (
        <Button look="secondary" isBusy={start.isPending || asked.isPending} onClick={() => start.mutate()}>
          {t(made?.state === "ready" ? "account.export.again" : "account.export.start")}
        </Button>
      )}
    </Card>
  );
}

function Progress({ made }: { made: Export }) {
  const { t } = useTranslation();
  return (
    <div className="space-y-2">
      <p role="status" className="font-medium">
        {t(made.state === "waiting" ? "account.export.waiting" : "account.export.running")}
      </p>
      <progress aria-label={t("account.export.progress")} value={made.progress} max={1} className="h-2 w-full accent-accent" />
    </div>
  );
}
