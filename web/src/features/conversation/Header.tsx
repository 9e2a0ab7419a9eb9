import { ArrowLeft, Search } from "lucide-react";
import { useCallback, useEffect } from "react";

import type { Chat } from "@/api/types";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { CallButtons } from "@/parts/calls";
import { typingText } from "@/parts/typing";
import { useStore } from "@/store/react";
import { nameOf, peerOf, presenceOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/Button";
import { Name } from "@/ui/Name";
import { classes } from "@/ui/classes";

/** Whose chat it is, what they are doing, and the way to all about it. */
export function Header({ chat, title }: { chat: Chat; title: string }) {
  const { t } = useTranslation();
  const peer = peerOf(chat);
  const avatar = useStore((state) => (peer ? state.users[peer]?.avatar_url : chat.avatar_url));
  const isOnline = useStore((state) => presenceOf(state, peer)?.online === true);
  return (
    <header className="safe-top border-b border-line bg-surface">
      <div className="flex min-h-16 items-center gap-1 px-3 md:px-5">
        <IconButton label={t("common.back")} onClick={() => go("/")} className="-ms-1 md:hidden">
          <ArrowLeft aria-hidden className="size-5.5 rtl:-scale-x-100" />
        </IconButton>
        <a href={`#${chatPath(chat.id, "info")}`} aria-label={t("conversation.header", { name: title })} className="flex min-w-0 flex-1 items-center gap-3 rounded-xl py-1">
          <Avatar name={title} seed={peer ?? chat.id} url={avatar} size="sm" isOnline={isOnline} isGroup={chat.kind === "group"} />
          <span className="min-w-0 flex-1">
            <h1 className="leading-tight font-bold">
              <Name>{title}</Name>
            </h1>
            <StatusLine chat={chat} />
          </span>
        </a>
        <CallButtons chat={chat} />
        <IconButton label={t("conversation.search")} onClick={() => go(chatPath(chat.id, "search"))}>
          <Search aria-hidden className="size-5" />
        </IconButton>
      </div>
    </header>
  );
}

const NAMES_SHOWN = 12;

/** Under the name: typing, online or when last seen; of a group, who is in it. */
function StatusLine({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const peer = peerOf(chat);
  const connection = useStore((state) => state.connection);
  const typing = useStore(useCallback((state: State) => typingText(t, state, chat), [t, chat]));
  const presence = useStore((state) => presenceOf(state, peer));
  const names = useStore(useCallback((state: State) => memberNames(state, chat, t("groups.you")), [chat, t]));
  const isStale = useStore((state) => chat.kind === "group" && (state.members[chat.id]?.at ?? -1) < (state.chats[chat.id]?.changedAt ?? 0));
  useEffect(() => {
    // Without it the number of members stands here.
    if (isStale && connection === "online") void messenger.groups.loadMembers(chat.id).catch(() => undefined);
  }, [isStale, connection, messenger, chat.id]);

  let text = "";
  if (connection !== "online") text = t("connection.connecting");
  else if (typing) text = typing;
  else if (chat.kind === "group") text = names || t("groups.members", { count: chat.members_count });
  else if (presence?.online) text = t("conversation.online");
  else if (presence?.lastSeen) text = t("conversation.lastSeen", { when: moment(presence.lastSeen, locale()) });
  return (
    <p role="status" className={classes("truncate text-sm", typing && connection === "online" ? "font-medium text-accent-strong" : "text-ink-2")}>
      {text}
    </p>
  );
}

function memberNames(state: State, chat: Chat, you: string): string {
  const rows = state.members[chat.id]?.rows ?? [];
  const others = rows.filter((row) => row.user !== state.me?.id).slice(0, NAMES_SHOWN);
  const names = others.map((row) => nameOf(state.users[row.user])).filter(Boolean);
  return names.length > 0 ? [...names, you].join(", ") : "";
}
