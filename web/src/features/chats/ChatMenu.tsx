import { Archive, ArchiveRestore, Bell, BellOff, Eraser, MailOpen, MessageCircleDashed, Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";

import type { Mine } from "@/api/chats";
import type { Id } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { go, parseRoute } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { isMuted } from "@/store/selectors";
import { Confirm } from "@/ui/Confirm";
import { MenuItems, type MenuItem } from "@/ui/Menu";
import { Popover } from "@/ui/Popover";

/** For ever, as far as people are concerned. */
const FAR = "9999-12-31T00:00:00.000Z";

interface Props {
  id: Id;
  title: string;
  anchor: DOMRect;
  onClose: () => void;
}

/** What can be done with a chat from the list. */
export function ChatMenu({ id, title, anchor, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const chat = useStore((state) => state.chats[id]);
  const [asking, setAsking] = useState<"clear" | "delete" | null>(null);
  if (!chat) return null;

  if (asking) {
    const act = async (): Promise<void> => {
      await (asking === "clear" ? messenger.arranger.clear(id) : messenger.arranger.delete(id));
      const route = parseRoute(location.hash);
      if (asking === "delete" && route.at === "chats" && route.chat === id) go("/");
    };
    return (
      <Confirm
        title={t(`chats.${asking}Title`)}
        text={t(`chats.${asking}Text`, { name: title })}
        confirm={t(`chats.${asking}`)}
        cancel={t("common.cancel")}
        close={t("common.close")}
        isDanger
        onConfirm={act}
        onClose={onClose}
        problem={(error) => errorText(t, error)}
      />
    );
  }

  const set = (mine: Mine) => () => {
    onClose();
    void attempt(() => messenger.arranger.change(id, mine));
  };
  const { me } = chat;
  const muted = isMuted(chat);
  const isUnread = chat.unread > 0 || me.marked_unread;
  const icon = "size-5";
  const items: (MenuItem | false)[] = [
    { label: t(me.pinned ? "chats.unpin" : "chats.pin"), icon: me.pinned ? <PinOff aria-hidden className={icon} /> : <Pin aria-hidden className={icon} />, onSelect: set({ pinned: !me.pinned }) },
    {
      label: t(isUnread ? "chats.markRead" : "chats.markUnread"),
      icon: isUnread ? <MailOpen aria-hidden className={icon} /> : <MessageCircleDashed aria-hidden className={icon} />,
      onSelect: () => {
        onClose();
        void attempt(() => (isUnread ? messenger.markRead(id) : messenger.arranger.change(id, { marked_unread: true })));
      },
    },
    { label: t(muted ? "chats.unmute" : "chats.mute"), icon: muted ? <Bell aria-hidden className={icon} /> : <BellOff aria-hidden className={icon} />, onSelect: set({ muted_until: muted ? null : FAR }) },
    {
      label: t(me.archived ? "chats.unarchive" : "chats.archive"),
      icon: me.archived ? <ArchiveRestore aria-hidden className={icon} /> : <Archive aria-hidden className={icon} />,
      onSelect: set({ archived: !me.archived }),
    },
    { label: t("chats.clear"), icon: <Eraser aria-hidden className={icon} />, onSelect: () => setAsking("clear") },
    chat.kind === "direct" && { label: t("chats.delete"), icon: <Trash2 aria-hidden className={icon} />, isDanger: true, onSelect: () => setAsking("delete") },
  ];
  return (
    <Popover anchor={anchor} label={t("chats.menu", { name: title })} onClose={onClose} className="min-w-56">
      <MenuItems items={items.filter((item) => item !== false)} onDone={() => undefined} />
    </Popover>
  );
}
