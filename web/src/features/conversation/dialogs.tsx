import { useEffect, useMemo, useState } from "react";

import { getInfo } from "@/api/messages";
import type { Chat, Id, Message, MessageInfo, Time } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { Picker, type Choice } from "@/parts/Picker";
import { shallowEqual, useStore } from "@/store/react";
import { chatList, isAdmin, isClosed, may, nameOf, peerOf, titleOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";
import { toast } from "@/ui/Toaster";

interface Props {
  chat: Chat;
  message: Message;
  onClose: () => void;
}

/** For me only, or for everyone where that is allowed. */
export function DeleteDialog({ chat, message, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const isOwn = useStore((state) => message.sender === state.me?.id);
  const [busy, setBusy] = useState<"me" | "all" | null>(null);
  const [error, setError] = useState<string | null>(null);
  const mayForAll = (isOwn || isAdmin(chat)) && message.kind !== "call";

  async function remove(whose: "me" | "all"): Promise<void> {
    setBusy(whose);
    setError(null);
    try {
      await (whose === "me" ? messenger.acts.deleteForMe(chat.id, message.seq) : messenger.acts.deleteForAll(chat.id, message.seq));
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(null);
    }
  }

  return (
    <Dialog title={t("message.deleteTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <p className="text-ink-2">{t(mayForAll ? "message.deleteText" : "message.deleteMineText")}</p>
      {error && (
        <p role="alert" className="mt-3 text-danger">
          {error}
        </p>
      )}
      <div className="mt-5 flex flex-col gap-2">
        {mayForAll && (
          <Button look="danger" isBusy={busy === "all"} disabled={busy !== null} onClick={() => void remove("all")}>
            {t("message.deleteForAll")}
          </Button>
        )}
        <Button look={mayForAll ? "secondary" : "danger"} isBusy={busy === "me"} disabled={busy !== null} onClick={() => void remove("me")}>
          {t("message.deleteForMe")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("common.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Whom a message of mine has reached, and when. */
export function InfoDialog({ message, onClose }: Props) {
  const { t } = useTranslation();
  const [info, setInfo] = useState<MessageInfo | null>(null);
  const [error, setError] = useState<string | null>(null);
  // Asked again when somebody's mark rises while it is open.
  const marks = useStore((state) => state.watermarks[message.chat]);
  useEffect(() => {
    let isOn = true;
    getInfo(message.chat, message.seq).then(
      (answer) => isOn && setInfo(answer),
      (failure: unknown) => isOn && setError(errorText(t, failure)),
    );
    return () => {
      isOn = false;
    };
  }, [message.chat, message.seq, marks, t]);

  const seen = info?.receipts.filter((row) => row.seen_at) ?? [];
  const delivered = info?.receipts.filter((row) => !row.seen_at && row.delivered_at) ?? [];
  const waiting = info?.receipts.filter((row) => !row.seen_at && !row.delivered_at) ?? [];
  return (
    <Dialog title={t("message.infoTitle")} closeLabel={t("common.close")} onClose={onClose}>
      {error && !info && (
        <p role="alert" className="text-danger">
          {error}
        </p>
      )}
      {!info && !error && <SkeletonRows rows={2} />}
      {info && (
        <div className="max-h-[60dvh] space-y-4 overflow-y-auto">
          <People title={t("message.read")} rows={seen.map((row) => ({ user: row.user, at: row.seen_at }))} />
          <People title={t("message.delivered")} rows={delivered.map((row) => ({ user: row.user, at: row.delivered_at }))} />
          {waiting.length > 0 && <People title={t("message.waiting")} rows={waiting.map((row) => ({ user: row.user, at: null }))} />}
        </div>
      )}
    </Dialog>
  );
}

function People({ title, rows }: { title: string; rows: { user: Id; at: Time | null; mark?: string }[] }) {
  const { t } = useTranslation();
  const users = useStore((state) => state.users);
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-sm font-semibold text-ink-2">{title}</h3>
      {rows.length === 0 && <p className="py-1 text-ink-3">{t("message.nobodyYet")}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.user} className="flex items-center gap-3 py-1.5">
            <Avatar name={nameOf(users[row.user])} seed={row.user} url={users[row.user]?.avatar_url} size="sm" />
            <span className="min-w-0 flex-1">
              <Name className="font-semibold">{nameOf(users[row.user]) || t("system.someone")}</Name>
              {row.at && <span className="block text-sm text-ink-2">{moment(row.at, locale())}</span>}
            </span>
            {row.mark && <span className="text-xl">{row.mark}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who has put what on a message; mine can be taken back. */
export function ReactionsDialog({ message, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.me?.id);
  const [error, setError] = useState<string | null>(null);
  const reactions = message.reactions ?? [];
  const isEmpty = reactions.length === 0;
  useEffect(() => {
    if (isEmpty) onClose();
  }, [isEmpty, onClose]);

  function takeBack(): void {
    messenger.acts.react(message.chat, message.seq, null).catch((failure: unknown) => setError(errorText(t, failure)));
  }

  return (
    <Dialog title={t("message.reactions")} closeLabel={t("common.close")} onClose={onClose}>
      {error && (
        <p role="alert" className="text-danger">
          {error}
        </p>
      )}
      <ul className="max-h-[60dvh] overflow-y-auto">
        {reactions.flatMap((reaction) => {
          const named = reaction.mine && me && !reaction.users.includes(me) ? [me, ...reaction.users] : reaction.users;
          const rows = named.map((user) => (
            <li key={`${reaction.emoji} ${user}`} className="flex items-center gap-3 py-1.5">
              <Avatar name={nameOf(users[user])} seed={user} url={users[user]?.avatar_url} size="sm" />
              <Name className="font-semibold">{user === me ? t("message.you") : nameOf(users[user]) || t("system.someone")}</Name>
              <span className="ms-auto flex items-center gap-1">
                {user === me && (
                  <Button look="quiet" size="sm" aria-label={t("message.removeReaction", { emoji: reaction.emoji })} onClick={takeBack}>
                    {t("common.remove")}
                  </Button>
                )}
                <span className="text-2xl">{reaction.emoji}</span>
              </span>
            </li>
          ));
          const others = reaction.count - named.length;
          if (others > 0) {
            rows.push(
              <li key={`${reaction.emoji} others`} className="flex justify-between py-1.5 ps-12 text-ink-2">
                {t("message.others", { count: others })} <span className="text-2xl">{reaction.emoji}</span>
              </li>,
            );
          }
          return rows;
        })}
      </ul>
    </Dialog>
  );
}

/** To which chats a message shall go. */
export function ForwardDialog({ message, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [chosen, setChosen] = useState<Id[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const state = useStore((all) => ({ chats: chatList(all), users: all.users, contacts: all.contacts }), shallowEqual);
  const choices = useMemo<Choice[]>(() => {
    const all = messenger.store.getState();
    return state.chats
      .filter((chat) => !isClosed(all, chat) && (chat.kind === "direct" || may(chat, "post")))
      .map((chat) => {
        const peer = peerOf(chat);
        return { id: chat.id, name: titleOf(all, chat), seed: peer ?? chat.id, url: peer ? all.users[peer]?.avatar_url : chat.avatar_url };
      });
  }, [messenger, state]);

  async function send(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await messenger.acts.forward([message], chosen);
      toast(t("message.forwardedDone"));
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("message.forwardTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <Picker
        label={t("message.findChat")}
        choices={choices}
        chosen={chosen}
        onToggle={(id) => setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]))}
        empty={t("chats.emptyText")}
      />
      {error && (
        <p role="alert" className="mt-2 text-danger">
          {error}
        </p>
      )}
      <Button className="mt-4 w-full" isBusy={isBusy} disabled={chosen.length === 0} onClick={() => void send()}>
        {chosen.length > 0 ? t("message.forwardTo", { count: chosen.length }) : t("message.forwardSend")}
      </Button>
    </Dialog>
  );
}
