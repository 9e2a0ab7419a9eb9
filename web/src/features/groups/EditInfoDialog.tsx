import { useId, useState, type FormEvent } from "react";

import type { Chat } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

/** Name and description of a group. */
export function EditInfoDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [name, setName] = useState(chat.name);
  const [description, setDescription] = useState(chat.description ?? "");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const id = useId();

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await messenger.groups.change(chat.id, { name: name.trim(), description: description.trim() });
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("groups.editInfo")} closeLabel={t("common.close")} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="space-y-4">
        <TextField label={t("groups.name")} value={name} maxLength={100} error={error} onChange={(event) => setName(event.target.value)} data-first />
        <div>
          <label htmlFor={id} className="mb-1.5 block text-sm font-semibold text-ink-2">
            {t("groups.description")}
          </label>
          <textarea
            id={id}
            dir="auto"
            rows={4}
            maxLength={512}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            className="w-full resize-none rounded-2xl border border-line bg-raised px-4 py-3 focus:outline-2 focus:outline-offset-0 focus:outline-accent"
          />
        </div>
        <Button type="submit" className="w-full" isBusy={isBusy} disabled={!name.trim()}>
          {t("groups.save")}
        </Button>
      </form>
    </Dialog>
  );
}
