import { Hourglass } from "lucide-react";
import { useState } from "react";

import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { Blank } from "@/ui/Blank";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

/** An invite to a group was opened or scanned; it is only used when the person says so. */
export function JoinDialog({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [isBusy, setBusy] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function join(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      const chat = await messenger.groups.join(token);
      if (chat === null) setAsked(true);
      else go(chatPath(chat), true);
    } catch (failure) {
      setError(errorText(t, failure, { "404": t("groups.joinGone"), "410": t("groups.joinGone") }));
    }
    setBusy(false);
  }

  return (
    <Dialog title={t("groups.joinTitle")} closeLabel={t("common.close")} onClose={onClose}>
      {isAsked ? (
        <Blank icon={<Hourglass className="size-9" />} title={t("groups.joinAsked")} action={<Button onClick={onClose}>{t("common.done")}</Button>}>
          {t("groups.joinAskedText")}
        </Blank>
      ) : (
        <>
          <p className="text-ink-2">{t("groups.joinText")}</p>
          {error && (
            <p role="alert" className="mt-4 rounded-2xl bg-danger-soft px-4 py-3 text-danger">
              {error}
            </p>
          )}
          <div className="mt-5 flex justify-end gap-2">
            <Button look="secondary" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button isBusy={isBusy} onClick={() => void join()}>
              {t("groups.join")}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
