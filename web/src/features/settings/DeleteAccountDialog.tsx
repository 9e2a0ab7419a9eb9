import { CircleX } from "lucide-react";
import { useState, type FormEvent } from "react";

import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

const goes = ["profile", "messages", "contacts", "groups"] as const;

/** In two steps: what goes, and then one's own name typed. */
export function DeleteAccountDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [isSure, setSure] = useState(false);
  const title = t(isSure ? "account.delete.confirmTitle" : "account.delete.dialogTitle");
  return (
    <Dialog title={title} closeLabel={t("common.close")} onClose={onClose}>
      {isSure ? (
        <Confirmation onBack={() => setSure(false)} />
      ) : (
        <>
          <p className="text-ink-2">{t("account.delete.goes")}</p>
          <ul className="mt-3 space-y-2">
            {goes.map((what) => (
              <li key={what} className="flex gap-2.5">
                <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
                {t(`account.delete.what.${what}`)}
              </li>
            ))}
          </ul>
          <p className="mt-3 text-sm text-ink-2">{t("account.delete.copyFirst")}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button look="secondary" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button look="danger" onClick={() => setSure(true)}>
              {t("account.delete.continue")}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Confirmation({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const identifier = useStore((state) => state.me?.email ?? state.me?.phone ?? state.me?.username ?? "");
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const isRight = typed.trim().toLowerCase() === identifier.toLowerCase() && identifier !== "";

  async function erase(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!isRight) return;
    setBusy(true);
    setError(null);
    try {
      // What follows is the log-in.
      await messenger.erase();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void erase(event)} className="space-y-4">
      <p className="break-words text-ink-2">{t("account.delete.confirmText", { identifier })}</p>
      <TextField data-first label={t("account.delete.field")} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" autoCapitalize="none" spellCheck={false} dir="ltr" />
      {error && (
        <p role="alert" className="text-danger">
          {error}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="secondary" onClick={onBack}>
          {t("account.delete.back")}
        </Button>
        <Button type="submit" look="danger" isBusy={isBusy} disabled={!isRight}>
          {t("account.delete.confirm")}
        </Button>
      </div>
    </form>
  );
}
