import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Id } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/Toaster";

/** When the server shall send what was written. */
export function LaterDialog({ chat, text, onClose }: { chat: Id; text: string; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [when, setWhen] = useState(() => forField(tomorrowMorning()));
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const at = new Date(when);
    if (!(at.getTime() > Date.now())) {
      setError(t("composer.laterPast"));
      return;
    }
    setBusy(true);
    try {
      await messenger.schedule(chat, text, at);
      toast(t("composer.laterDone", { when: moment(at.toISOString(), locale()) }));
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("composer.laterTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <TextField label={t("composer.laterWhen")} type="datetime-local" value={when} onChange={(event) => setWhen(event.target.value)} error={error} required />
        <Button type="submit" className="w-full" isBusy={isBusy}>
          {t("composer.laterButton")}
        </Button>
      </form>
    </Dialog>
  );
}

function tomorrowMorning(): Date {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(9, 0, 0, 0);
  return at;
}

/** Local time as the browser's field takes it. */
function forField(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
