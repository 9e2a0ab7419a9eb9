import { useEffect, useRef, useState, type FormEvent } from "react";

import type { Id } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import type { Outgoing } from "@/media/outgoing";
import { Later } from "@/messenger/later";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/Toaster";

interface Props {
  chat: Id;
  text: string;
  files?: readonly Outgoing[];
  onDone: () => void;
  onClose: () => void;
}

/** When the server shall send what was written and chosen. Files are uploaded while it is open. */
export function LaterDialog({ chat, text, files = [], onDone, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [when, setWhen] = useState(() => forField(tomorrowMorning()));
  const [later] = useState(() => new Later(messenger.store, chat, text, files));
  /** How much of the files is there; null while it is not tried. */
  const [part, setPart] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort("discard"), []);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const at = new Date(when);
    if (!(at.getTime() > Date.now())) {
      setError(t("composer.laterPast"));
      return;
    }
    setError(null);
    setPart(0);
    const stop = new AbortController();
    running.current = stop;
    try {
      await later.send(at, setPart, stop.signal);
    } catch (failure) {
      setError(errorText(t, failure));
      setPart(null);
      return;
    } finally {
      running.current = null;
    }
    toast(t("composer.laterDone", { when: moment(at.toISOString(), locale()) }));
    if (messenger.store.getState().composing[chat]?.kind === "reply") messenger.compose(chat, null);
    messenger.loadScheduled(chat).catch(() => undefined);
    onDone();
  }

  return (
    <Dialog title={t("composer.laterTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <TextField label={t("composer.laterWhen")} type="datetime-local" value={when} onChange={(event) => setWhen(event.target.value)} error={error} required />
        <Button type="submit" className="w-full" isBusy={part !== null}>
          {part !== null && files.length > 0 ? t("media.uploading", { percent: Math.round(part * 100) }) : t("composer.laterButton")}
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
