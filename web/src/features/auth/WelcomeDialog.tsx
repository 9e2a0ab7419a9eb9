import { useEffect, useRef, useState, type FormEvent } from "react";

import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

/** Asks someone new for a name, once. */
export function WelcomeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  // The dialog would focus its first button, so that Enter closes it.
  useEffect(() => input.current?.focus(), []);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await messenger.people.updateMe({ name: name.trim() });
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("auth.welcomeTitle")} closeLabel={t("auth.later")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <TextField
          ref={input}
          label={t("auth.name")}
          hint={t("auth.welcomeText")}
          error={error}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="name"
          maxLength={64}
        />
        <Button type="submit" className="w-full" isBusy={isBusy} disabled={!name.trim()}>
          {t("auth.start")}
        </Button>
      </form>
    </Dialog>
  );
}
