import { Ban, EllipsisVertical, MessageCircle, QrCode, ScanLine, UserMinus, UserPlus } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";

import type { Id } from "@/api/types";
import { RequestInbox, RequestOutbox } from "@/features/contacts/Requests";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { go } from "@/lib/route";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { contactList, nameOf, presenceOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";

interface Props {
  onShowQr: () => void;
  onScan: () => void;
}

/** Requests and contacts, and the two ways to meet someone new. */
export function PeopleView({ onShowQr, onScan }: Props) {
  const { t } = useTranslation();
  const contacts = useStore(contactList);
  const isLoaded = useStore((state) => state.place !== null);
  const [leaving, setLeaving] = useState<{ user: Id; how: "remove" | "block" } | null>(null);
  return (
    <section aria-label={t("people.title")} className="flex h-full flex-col">
      <header className="flex min-h-17 items-center px-5 pt-2">
        <h1 className="text-2xl font-extrabold tracking-tight">{t("people.title")}</h1>
      </header>
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-3 pb-6">
        <div className="grid grid-cols-2 gap-3 px-1">
          <Way icon={<QrCode className="size-6" />} label={t("people.showQr")} onClick={onShowQr} />
          <Way icon={<ScanLine className="size-6" />} label={t("people.scan")} onClick={onScan} />
        </div>
        <RequestInbox />
        <RequestOutbox />
        {!isLoaded ? (
          <SkeletonRows rows={5} />
        ) : contacts.length === 0 ? (
          <Blank icon={<UserPlus className="size-9" />} title={t("people.emptyTitle")}>
            {t("people.emptyText")}
          </Blank>
        ) : (
          <ul aria-label={t("people.contacts")}>
            {contacts.map((contact) => (
              <ContactItem key={contact.user} user={contact.user} onLeave={(how) => setLeaving({ user: contact.user, how })} />
            ))}
          </ul>
        )}
      </div>
      {leaving && <LeaveDialog user={leaving.user} how={leaving.how} onClose={() => setLeaving(null)} />}
    </section>
  );
}

function Way({ icon, label, onClick }: { icon: ReactNode; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex flex-col items-start gap-3 rounded-3xl border border-line bg-raised p-4 text-start font-semibold transition hover:border-accent active:scale-[0.98]"
    >
      <span aria-hidden className="flex size-11 items-center justify-center rounded-2xl bg-accent-soft text-accent-strong">
        {icon}
      </span>
      {label}
    </button>
  );
}

function ContactItem({ user, onLeave }: { user: Id; onLeave: (how: "remove" | "block") => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const person = useStore(useCallback((state: State) => state.users[user], [user]));
  const presence = useStore(useCallback((state: State) => presenceOf(state, user), [user]));
  const [error, setError] = useState<string | null>(null);
  const name = nameOf(person);

  async function open(): Promise<void> {
    setError(null);
    try {
      go(`/chats/${encodeURIComponent(await messenger.people.chatWith(user))}`);
    } catch (failure) {
      setError(errorText(t, failure));
    }
  }

  let line = person?.about ?? "";
  if (presence?.online) line = t("conversation.online");
  else if (presence?.lastSeen) line = t("conversation.lastSeen", { when: moment(presence.lastSeen, locale()) });
  return (
    <li className="flex items-center rounded-2xl pe-1 transition-colors hover:bg-sunken">
      <button type="button" aria-label={[t("people.open", { name }), error ?? line].filter(Boolean).join(", ")} onClick={() => void open()} className="flex min-w-0 flex-1 items-center gap-3 rounded-2xl px-3 py-2.5 text-start">
        <Avatar name={name} seed={user} url={person?.avatar_url} isOnline={presence?.online === true} />
        <span className="min-w-0 flex-1">
          <Name className="font-semibold">{name}</Name>
          <span role={error ? "alert" : undefined} className={error ? "block truncate text-sm text-danger" : "block truncate text-sm text-ink-2"}>
            {error ?? line}
          </span>
        </span>
      </button>
      <Menu
        label={t("people.menu", { name })}
        trigger={
          <IconButton label={t("people.menu", { name })}>
            <EllipsisVertical aria-hidden className="size-5" />
          </IconButton>
        }
        items={[
          { label: t("people.message"), icon: <MessageCircle aria-hidden className="size-5" />, onSelect: () => void open() },
          { label: t("people.remove"), icon: <UserMinus aria-hidden className="size-5" />, onSelect: () => onLeave("remove") },
          { label: t("people.block"), icon: <Ban aria-hidden className="size-5" />, isDanger: true, onSelect: () => onLeave("block") },
        ]}
      />
    </li>
  );
}

/** Asks before a contact is removed or blocked. */
function LeaveDialog({ user, how, onClose }: { user: Id; how: "remove" | "block"; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const name = useStore((state) => nameOf(state.users[user]));
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function leave(): Promise<void> {
    setBusy(true);
    try {
      await (how === "remove" ? messenger.people.removeContact(user) : messenger.people.block(user));
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t(`people.${how}Title`, { name })} closeLabel={t("common.close")} onClose={onClose}>
      <p className="text-ink-2">{t(`people.${how}Text`)}</p>
      {error && (
        <p role="alert" className="mt-3 text-danger">
          {error}
        </p>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button look="secondary" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button look="danger" isBusy={isBusy} onClick={() => void leave()}>
          {t(`people.${how}`)}
        </Button>
      </div>
    </Dialog>
  );
}
