import { useMemo, useRef, useState, type FormEvent } from "react";

import type { Id } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { newClientId } from "@/lib/ids";
import { chatPath, go } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { Picker } from "@/parts/Picker";
import { useStore } from "@/store/react";
import { contactList, nameOf } from "@/store/selectors";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

/** A name, and who shall be in it from the beginning. */
export function NewGroupDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const contacts = useStore(contactList);
  const users = useStore((state) => state.users);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Id[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // The same for every try with the same wishes, so that none makes a second group.
  const attempt = useRef({ wish: "", clientId: "" });
  const choices = useMemo(
    () => contacts.map(({ user }) => ({ id: user, name: nameOf(users[user]), seed: user, url: users[user]?.avatar_url })),
    [contacts, users],
  );

  async function create(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const wish = JSON.stringify([name.trim(), chosen]);
    if (attempt.current.wish !== wish) attempt.current = { wish, clientId: newClientId() };
    try {
      const chat = await messenger.groups.create(name.trim(), chosen, attempt.current.clientId);
      onClose();
      go(chatPath(chat));
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("groups.newTitle")} closeLabel={t("common.close")} onClose={onClose} isTall>
      <form onSubmit={(event) => void create(event)} className="flex min-h-0 flex-1 flex-col gap-4 pt-1">
        <TextField label={t("groups.name")} placeholder={t("groups.namePlaceholder")} value={name} maxLength={100} error={error} onChange={(event) => setName(event.target.value)} data-first />
        <div className="flex min-h-0 flex-1 flex-col">
          <h3 className="text-sm font-semibold text-ink-2">{chosen.length > 0 ? t("groups.picked", { count: chosen.length }) : t("groups.pickMembers")}</h3>
          <p className="pb-2 text-sm text-ink-2">{t("groups.pickHint")}</p>
          <Picker
            label={t("groups.findMember")}
            choices={choices}
            chosen={chosen}
            onToggle={(id) => setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]))}
            empty={t("groups.pickNone")}
          />
        </div>
        <Button type="submit" className="w-full" isBusy={isBusy} disabled={!name.trim()}>
          {t("groups.create")}
        </Button>
      </form>
    </Dialog>
  );
}
