import { useMemo } from "react";

import type { Id } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Picker } from "@/parts/Picker";
import { useStore } from "@/store/react";
import { contactList, nameOf } from "@/store/selectors";
import { Dialog } from "@/ui/Dialog";

/** Passes on one of my contacts. */
export function ContactDialog({ chat, onClose }: { chat: Id; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const contacts = useStore(contactList);
  const users = useStore((state) => state.users);
  const choices = useMemo(
    () => contacts.map(({ user }) => ({ id: user, name: nameOf(users[user]), seed: user, url: users[user]?.avatar_url })),
    [contacts, users],
  );
  return (
    <Dialog title={t("composer.contactTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <p className="pb-2 text-sm text-ink-2">{t("composer.contactHint")}</p>
      <Picker
        label={t("groups.findMember")}
        choices={choices}
        chosen={[]}
        isSingle
        empty={t("composer.contactNone")}
        onToggle={(user) => {
          messenger.sendContent(chat, { kind: "contact", content: { user } });
          onClose();
        }}
      />
    </Dialog>
  );
}
