import { BellOff, ChevronRight, Images, LogOut, Pencil, Search, Star, Timer } from "lucide-react";
import { useState, type ReactNode } from "react";

import type { Chat, Id } from "@/api/types";
import { EditInfoDialog } from "@/features/groups/EditInfoDialog";
import { Invites } from "@/features/groups/Invites";
import { JoinRequests } from "@/features/groups/JoinRequests";
import { Members } from "@/features/groups/Members";
import { Permissions } from "@/features/groups/Permissions";
import { SharedStrip } from "@/features/groups/SharedStrip";
import { useAttempt } from "@/i18n/attempt";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { PhotoButton } from "@/parts/PhotoButton";
import { useStore } from "@/store/react";
import { isAdmin, isClosed, isMuted, may, nameOf, peerOf, presenceOf, titleOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Name } from "@/ui/Name";
import { Panel } from "@/ui/Panel";
import { Select } from "@/ui/Select";

/** All about a chat, beside it. */
export function InfoPanel({ id }: { id: Id }) {
  const { t } = useTranslation();
  const chat = useStore((state) => state.chats[id]);
  if (!chat) return null;
  const isGroup = chat.kind === "group";
  return (
    <Panel title={t(isGroup ? "groups.info" : "groups.contactInfo")} closeLabel={t("common.close")} onClose={() => go(chatPath(id))}>
      <div className="space-y-6 px-5 py-6">
        {isGroup ? <GroupHead chat={chat} /> : <PersonHead chat={chat} />}
        <Settings chat={chat} />
        {isGroup && isAdmin(chat) && <JoinRequests chat={chat} />}
        {isGroup && <Members chat={chat} />}
        {isGroup && may(chat, "invite") && <Invites chat={chat} />}
        {isGroup && isAdmin(chat) && <Permissions chat={chat} />}
        {isGroup && <Leave chat={chat} />}
      </div>
    </Panel>
  );
}

function GroupHead({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const messenger = useMessenger();
  const mayEdit = may(chat, "edit_info");
  const picture = <Avatar name={chat.name} seed={chat.id} url={chat.avatar_url} size="lg" isGroup />;
  return (
    <div className="flex flex-col items-center text-center">
      {mayEdit ? (
        <PhotoButton hasPhoto={chat.avatar_url !== null} onSave={(picture) => messenger.groups.setPhoto(chat.id, picture)} onRemove={() => messenger.groups.setPhoto(chat.id, null)}>
          {picture}
        </PhotoButton>
      ) : (
        picture
      )}
      <div className="mt-3 flex max-w-full items-center gap-1">
        <h3 dir="auto" className="text-xl font-bold wrap-anywhere">
          {chat.name}
        </h3>
        {mayEdit && (
          <IconButton label={t("groups.editInfo")} onClick={() => setEditing(true)} className="size-9!">
            <Pencil aria-hidden className="size-4.5" />
          </IconButton>
        )}
      </div>
      <p className="text-ink-2">{t("groups.members", { count: chat.members_count })}</p>
      {chat.description ? (
        <p dir="auto" className="mt-3 text-start whitespace-pre-wrap wrap-anywhere">
          {chat.description}
        </p>
      ) : (
        mayEdit && (
          <button type="button" onClick={() => setEditing(true)} className="mt-2 font-semibold text-accent-strong">
            {t("groups.addDescription")}
          </button>
        )
      )}
      {isEditing && <EditInfoDialog chat={chat} onClose={() => setEditing(false)} />}
    </div>
  );
}

function PersonHead({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const peer = peerOf(chat);
  const user = useStore((state) => (peer ? state.users[peer] : undefined));
  const title = useStore((state) => titleOf(state, chat));
  const presence = useStore((state) => presenceOf(state, peer));
  let line = "";
  if (presence?.online) line = t("conversation.online");
  else if (presence?.lastSeen) line = t("conversation.lastSeen", { when: moment(presence.lastSeen, locale()) });
  return (
    <div className="flex flex-col items-center text-center">
      <Avatar name={title} seed={peer ?? chat.id} url={user?.avatar_url} size="lg" />
      <h3 className="mt-3 max-w-full text-xl font-bold">
        <Name>{nameOf(user) || title}</Name>
      </h3>
      {user && (
        <p dir="ltr" className="text-ink-2">
          @{user.username}
        </p>
      )}
      {line && <p className="text-sm text-ink-2">{line}</p>}
      {user?.about && (
        <p dir="auto" className="mt-3 wrap-anywhere">
          {user.about}
        </p>
      )}
    </div>
  );
}

const DAY = 86_400;
const TIMERS = { off: null, day: DAY, week: 7 * DAY, quarter: 90 * DAY } as const;
type TimerName = keyof typeof TIMERS;
const FAR = "9999-12-31T00:00:00.000Z";

/** What one sets for oneself, and how long messages live. */
function Settings({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const closed = useStore((state) => isClosed(state, chat));
  const muted = isMuted(chat);
  const mayTime = chat.kind === "group" ? may(chat, "edit_info") : !closed;
  const life = chat.disappear_after ?? null;
  const timer = (Object.keys(TIMERS) as TimerName[]).find((name) => TIMERS[name] === life);

  function mute(how: string): void {
    const hours: Record<string, number> = { hours: 8, week: 7 * 24 };
    const until = how === "off" ? null : how === "ever" ? FAR : new Date(Date.now() + (hours[how] ?? 0) * 3_600_000).toISOString();
    void attempt(() => messenger.arranger.change(chat.id, { muted_until: until }));
  }

  const isForever = chat.me.muted_until?.startsWith("9999") ?? false;
  const mutedText = muted ? (isForever ? t("groups.muted") : t("groups.mutedUntil", { when: moment(chat.me.muted_until ?? "", locale()) })) : t("groups.disappearAfter.off");
  return (
    <div className="divide-y divide-line overflow-hidden rounded-3xl border border-line bg-raised">
      <Line icon={<Images className="size-5" />} label={t("shared.title")} href={`#${chatPath(chat.id, "shared")}`} above={<SharedStrip chat={chat.id} />} />
      <Line icon={<Search className="size-5" />} label={t("groups.search")} href={`#${chatPath(chat.id, "search")}`} />
      <Line icon={<Star className="size-5" />} label={t("groups.starred")} href={`#${chatPath(chat.id, "starred")}`} />
      <Choice icon={<BellOff className="size-5" />} label={t("groups.mute")}>
        <Select
          label={t("groups.mute")}
          value={muted ? "now" : "off"}
          onChange={mute}
          options={[...(muted ? [["now", mutedText] as const] : []), ["off", t(muted ? "groups.unmute" : "groups.disappearAfter.off")], ...(["hours", "week", "ever"] as const).map((how) => [how, t(`groups.muteFor.${how}`)] as const)]}
        />
      </Choice>
      <Choice icon={<Timer className="size-5" />} label={t("groups.disappear")} hint={life === null ? undefined : t("groups.disappearHint")}>
        <Select
          label={t("groups.disappear")}
          value={timer ?? "other"}
          isDisabled={!mayTime}
          onChange={(name) => void attempt(() => messenger.groups.change(chat.id, { disappear_after: TIMERS[name as TimerName] }))}
          options={[...(timer ? [] : [["other", `${life} s`] as const]), ...(Object.keys(TIMERS) as TimerName[]).map((name) => [name, t(`groups.disappearAfter.${name}`)] as const)]}
        />
      </Choice>
    </div>
  );
}

function Line({ icon, label, href, above }: { icon: ReactNode; label: string; href: string; above?: ReactNode }) {
  return (
    <a href={href} className="block hover:bg-sunken">
      {above}
      <span className="flex min-h-13 items-center gap-3.5 px-4">
        <span aria-hidden className="text-ink-2">
          {icon}
        </span>
        <span className="flex-1 font-medium">{label}</span>
        <ChevronRight aria-hidden className="size-5 text-ink-3 rtl:-scale-x-100" />
      </span>
    </a>
  );
}

function Choice({ icon, label, hint, children }: { icon: ReactNode; label: string; hint?: string | undefined; children: ReactNode }) {
  return (
    <div className="flex min-h-13 items-center gap-3.5 px-4 py-1.5">
      <span aria-hidden className="text-ink-2">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{label}</span>
        {hint && <span className="block text-sm text-ink-2">{hint}</span>}
      </span>
      {children}
    </div>
  );
}

function Leave({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [isAsking, setAsking] = useState(false);
  const isOwner = chat.me.role === "owner";

  async function leave(): Promise<void> {
    await messenger.groups.leave(chat.id);
    go("/");
  }

  return (
    <>
      <button type="button" onClick={() => setAsking(true)} className="flex min-h-13 w-full items-center gap-3.5 rounded-3xl border border-line bg-raised px-4 font-semibold text-danger hover:bg-danger-soft">
        <LogOut aria-hidden className="size-5" />
        {t("groups.leave")}
      </button>
      {isAsking && (
        <Confirm
          title={t("groups.leaveTitle", { name: chat.name })}
          text={`${t("groups.leaveText")}${isOwner && chat.members_count > 1 ? ` ${t("groups.leaveOwner")}` : ""}`}
          confirm={t("groups.leave")}
          cancel={t("common.cancel")}
          close={t("common.close")}
          isDanger
          onConfirm={leave}
          onClose={() => setAsking(false)}
          problem={(error) => errorText(t, error)}
        />
      )}
    </>
  );
}
