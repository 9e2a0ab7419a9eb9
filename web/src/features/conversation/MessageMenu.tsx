import { Copy, Forward, Info, Pencil, Pin, PinOff, Plus, Reply, Star, StarOff, Trash2 } from "lucide-react";

import type { Chat, Message } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { MORE_EMOJI, QUICK_EMOJI } from "@/lib/emoji";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { may } from "@/store/selectors";
import { MenuItems, type MenuItem } from "@/ui/Menu";
import { Popover } from "@/ui/Popover";
import { toast } from "@/ui/Toaster";
import { classes } from "@/ui/classes";

export type Ask = "delete" | "forward" | "info";

interface Props {
  chat: Chat;
  message: Message;
  anchor: DOMRect;
  /** Whether answers can be written here. */
  canWrite: boolean;
  onAsk: (what: Ask) => void;
  onMoreEmoji: () => void;
  onClose: () => void;
}

/** Texts, and what was said to pictures, films and files. */
const EDITABLE = new Set(["text", "image", "video", "file"]);

/** All that can be done to a message, with the quick reactions on top. */
export function MessageMenu({ chat, message, anchor, canWrite, onAsk, onMoreEmoji, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const isOwn = useStore((state) => message.sender === state.me?.id);
  const { seq } = message;
  const icon = "size-5";

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(message.text ?? "");
      toast(t("message.copied"));
    } catch {
      toast(t("errors.unknown"), true);
    }
  }

  const items: (MenuItem | false)[] = [
    canWrite && { label: t("message.reply"), icon: <Reply aria-hidden className={icon} />, onSelect: () => messenger.compose(chat.id, { kind: "reply", seq }) },
    isOwn && canWrite && EDITABLE.has(message.kind) && { label: t("message.edit"), icon: <Pencil aria-hidden className={icon} />, onSelect: () => messenger.compose(chat.id, { kind: "edit", seq }) },
    Boolean(message.text) && { label: t("message.copy"), icon: <Copy aria-hidden className={icon} />, onSelect: () => void copy() },
    message.kind !== "call" && { label: t("message.forward"), icon: <Forward aria-hidden className={icon} />, onSelect: () => onAsk("forward") },
    {
      label: t(message.starred ? "message.unstar" : "message.star"),
      icon: message.starred ? <StarOff aria-hidden className={icon} /> : <Star aria-hidden className={icon} />,
      onSelect: () => void attempt(() => messenger.acts.star(chat.id, seq, !message.starred)),
    },
    (chat.kind === "direct" || may(chat, "edit_info")) && {
      label: t(message.pinned ? "message.unpin" : "message.pin"),
      icon: message.pinned ? <PinOff aria-hidden className={icon} /> : <Pin aria-hidden className={icon} />,
      onSelect: () => void attempt(() => messenger.acts.pin(chat.id, seq, !message.pinned)),
    },
    isOwn && { label: t("message.info"), icon: <Info aria-hidden className={icon} />, onSelect: () => onAsk("info") },
    { label: t("message.delete"), icon: <Trash2 aria-hidden className={icon} />, isDanger: true, onSelect: () => onAsk("delete") },
  ];

  return (
    <Popover anchor={anchor} label={t("message.menu")} onClose={onClose} className="w-72">
      {canWrite && (
        <div role="group" aria-label={t("message.react")} className="mb-1 flex justify-between border-b border-line pb-1">
          <EmojiButtons message={message} emoji={QUICK_EMOJI} isInMenu onDone={onClose} />
          <button
            type="button"
            role="menuitem"
            aria-label={t("message.moreEmoji")}
            onClick={() => {
              onClose();
              onMoreEmoji();
            }}
            className="flex size-9 items-center justify-center rounded-full text-ink-2 hover:bg-sunken focus:bg-sunken"
          >
            <Plus aria-hidden className="size-5" />
          </button>
        </div>
      )}
      <MenuItems items={items.filter((item) => item !== false)} onDone={onClose} />
    </Popover>
  );
}

/** More emoji to react with. */
export function EmojiPicker({ message, anchor, onClose }: { message: Message; anchor: DOMRect; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Popover anchor={anchor} label={t("message.emoji")} role="dialog" onClose={onClose} className="grid max-h-72 w-[19.5rem] grid-cols-8">
      <EmojiButtons message={message} emoji={[...QUICK_EMOJI, ...MORE_EMOJI]} onDone={onClose} />
    </Popover>
  );
}

interface EmojiProps {
  message: Message;
  emoji: readonly string[];
  isInMenu?: boolean;
  onDone: () => void;
}

function EmojiButtons({ message, emoji, isInMenu = false, onDone }: EmojiProps) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const mine = message.reactions?.find((reaction) => reaction.mine)?.emoji ?? null;
  return emoji.map((one) => (
    <button
      key={one}
      type="button"
      aria-label={one === mine ? t("message.removeReaction", { emoji: one }) : t("message.reactWith", { emoji: one })}
      role={isInMenu ? "menuitemcheckbox" : undefined}
      aria-checked={isInMenu ? one === mine : undefined}
      aria-pressed={isInMenu ? undefined : one === mine}
      onClick={() => {
        onDone();
        void attempt(() => messenger.acts.react(message.chat, message.seq, one === mine ? null : one));
      }}
      className={classes("flex size-9 items-center justify-center rounded-full text-xl transition hover:scale-115 focus:bg-sunken", one === mine && "bg-accent-soft")}
    >
      {one}
    </button>
  ));
}
