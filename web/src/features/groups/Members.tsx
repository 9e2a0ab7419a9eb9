import { Crown, EllipsisVertical, MessageCircle, ShieldCheck, ShieldMinus, UserMinus, UserPlus } from "lucide-react";
import { useEffect, useMemo, useState } from "react";

import type { Chat, Id, Member, Role } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { fold } from "@/lib/text";
import { chatPath, go } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { Picker } from "@/parts/Picker";
import { useStore } from "@/store/react";
import { contactList, isAdmin, may, nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Dialog } from "@/ui/Dialog";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";

const rank: Record<Role, number> = { owner: 0, admin: 1, member: 2 };
const SEARCH_FROM = 12;

/** Who is in a group, with what may be done about them. */
export function Members({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [error, setError] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const [isAdding, setAdding] = useState(false);
  const [asking, setAsking] = useState<{ user: Id; what: "remove" | "makeOwner" } | null>(null);
  const members = useStore((state) => state.members[chat.id]);
  const changedAt = useStore((state) => state.chats[chat.id]?.changedAt ?? 0);
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.me?.id);
  const isStale = (members?.at ?? -1) < changedAt;
  useEffect(() => {
    if (!isStale && members) return;
    messenger.groups.loadMembers(chat.id).then(
      () => setError(null),
      (failure: unknown) => setError(errorText(t, failure)),
    );
  }, [messenger, chat.id, isStale, members, t]);

  const rows = useMemo(() => {
    const wanted = fold(query.trim());
    return (members?.rows ?? [])
      .filter((row) => !wanted || fold(nameOf(users[row.user])).includes(wanted))
      .sort((a, b) => Number(b.user === me) - Number(a.user === me) || rank[a.role] - rank[b.role] || nameOf(users[a.user]).localeCompare(nameOf(users[b.user])));
  }, [members, users, me, query]);
  const asked = asking ? nameOf(users[asking.user]) : "";

  return (
    <section aria-label={t("groups.members", { count: chat.members_count })}>
      <h3 className="pb-1 font-bold">{t("groups.members", { count: chat.members_count })}</h3>
      {may(chat, "invite") && (
        <button type="button" onClick={() => setAdding(true)} className="-mx-2 flex w-[calc(100%+1rem)] items-center gap-3 rounded-2xl px-2 py-2 font-semibold text-accent-strong hover:bg-sunken">
          <span aria-hidden className="flex size-9 items-center justify-center rounded-full bg-accent-soft">
            <UserPlus className="size-5" />
          </span>
          {t("groups.add")}
        </button>
      )}
      {(members?.rows.length ?? 0) > SEARCH_FROM && (
        <input
          type="search"
          dir="auto"
          aria-label={t("groups.findMember")}
          placeholder={t("groups.findMember")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="my-1 h-10 w-full rounded-full bg-sunken px-4 placeholder:text-ink-3"
        />
      )}
      {error && (
        <p role="alert" className="py-2 text-sm text-danger">
          {error}
        </p>
      )}
      {!members && !error && <SkeletonRows rows={3} />}
      <ul>
        {rows.map((row) => (
          <MemberItem key={row.user} chat={chat} row={row} onAsk={(what) => setAsking({ user: row.user, what })} />
        ))}
      </ul>
      {isAdding && <AddDialog chat={chat} members={members?.rows ?? []} onClose={() => setAdding(false)} />}
      {asking && (
        <Confirm
          title={t(`groups.${asking.what}Title`, { name: asked })}
          text={t(`groups.${asking.what}Text`)}
          confirm={t(`groups.${asking.what}`)}
          cancel={t("common.cancel")}
          close={t("common.close")}
          isDanger={asking.what === "remove"}
          onConfirm={() => (asking.what === "remove" ? messenger.groups.remove(chat.id, asking.user) : messenger.groups.setRole(chat.id, asking.user, "owner"))}
          onClose={() => setAsking(null)}
          problem={(failure) => errorText(t, failure)}
        />
      )}
    </section>
  );
}

function MemberItem({ chat, row, onAsk }: { chat: Chat; row: Member; onAsk: (what: "remove" | "makeOwner") => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const user = useStore((state) => state.users[row.user]);
  const isMe = useStore((state) => row.user === state.me?.id);
  const isContact = useStore((state) => row.user in state.contacts);
  const name = nameOf(user) || t("system.someone");
  const isOwner = chat.me.role === "owner";
  const icon = "size-5";
  const setRole = (role: Role) => () => void attempt(() => messenger.groups.setRole(chat.id, row.user, role));
  const mayRemove = row.role !== "owner" && (isOwner || (isAdmin(chat) && row.role === "member"));

  const items: (MenuItem | false)[] = [
    isContact && {
      label: t("groups.message", { name }),
      icon: <MessageCircle aria-hidden className={icon} />,
      onSelect: () => void attempt(async () => go(chatPath(await messenger.people.chatWith(row.user)))),
    },
    isOwner && row.role === "member" && { label: t("groups.promote"), icon: <ShieldCheck aria-hidden className={icon} />, onSelect: setRole("admin") },
    isOwner && row.role === "admin" && { label: t("groups.demote"), icon: <ShieldMinus aria-hidden className={icon} />, onSelect: setRole("member") },
    isOwner && { label: t("groups.makeOwner"), icon: <Crown aria-hidden className={icon} />, onSelect: () => onAsk("makeOwner") },
    mayRemove && { label: t("groups.remove"), icon: <UserMinus aria-hidden className={icon} />, isDanger: true, onSelect: () => onAsk("remove") },
  ];
  const offered = isMe ? [] : items.filter((item) => item !== false);

  return (
    <li className="flex items-center gap-3 py-1.5">
      <Avatar name={name} seed={row.user} url={user?.avatar_url} size="sm" />
      <span className="min-w-0 flex-1">
        <Name className="font-semibold">{isMe ? t("groups.you") : name}</Name>
        {user && (
          <span dir="ltr" className="block truncate text-start text-sm text-ink-2">
            @{user.username}
          </span>
        )}
      </span>
      {row.role !== "member" && <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-semibold text-accent-strong">{t(row.role === "owner" ? "groups.owner" : "groups.admin")}</span>}
      {offered.length > 0 && (
        <Menu
          label={t("groups.memberMenu", { name })}
          trigger={
            <IconButton label={t("groups.memberMenu", { name })} className="-me-2 size-9!">
              <EllipsisVertical aria-hidden className="size-5" />
            </IconButton>
          }
          items={offered}
        />
      )}
    </li>
  );
}

/** Contacts who are not in the group yet. */
function AddDialog({ chat, members, onClose }: { chat: Chat; members: readonly Member[]; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const contacts = useStore(contactList);
  const users = useStore((state) => state.users);
  const [chosen, setChosen] = useState<Id[]>([]);
  const choices = useMemo(() => {
    const inside = new Set(members.map((row) => row.user));
    return contacts.filter(({ user }) => !inside.has(user)).map(({ user }) => ({ id: user, name: nameOf(users[user]), seed: user, url: users[user]?.avatar_url }));
  }, [contacts, users, members]);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function add(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await messenger.groups.add(chat.id, chosen);
      onClose();
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("groups.addTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <Picker
        label={t("groups.findMember")}
        choices={choices}
        chosen={chosen}
        onToggle={(id) => setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]))}
        empty={t("groups.addNone")}
      />
      {error && (
        <p role="alert" className="mt-2 text-danger">
          {error}
        </p>
      )}
      <Button className="mt-4 w-full" isBusy={isBusy} disabled={chosen.length === 0} onClick={() => void add()}>
        {t("groups.addButton")}
      </Button>
    </Dialog>
  );
}
