import { Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Video } from "lucide-react";
import { useCallback } from "react";

import type { CallMedia } from "@/api/calls";
import type { PastCall } from "@/api/content";
import type { Chat, Message } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { callName, callOutcome, isMissed } from "@/parts/callwords";
import { callIn, myPart } from "@/store/calls";
import { useStore } from "@/store/react";
import { isClosed } from "@/store/selectors";
import type { State } from "@/store/state";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";

/** Larger groups cannot call: everybody is connected with everybody. */
const GROUP_MAX = 32;

/** Calls a chat, or joins the call that goes on in it. */
export function CallButtons({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const isPossible = useStore((state) => !isClosed(state, chat) && (chat.kind === "direct" || (chat.members_count > 1 && chat.members_count <= GROUP_MAX)));
  const isOnline = useStore((state) => state.connection === "online");
  const open = useStore(useCallback((state: State) => joinable(state, chat), [chat]));
  if (!isPossible) return null;
  if (open) {
    return (
      <Button size="sm" icon={<Phone aria-hidden className="size-4" />} onClick={() => void attempt(() => messenger.calls.accept(open, "audio"))}>
        {t("calls.join")}
      </Button>
    );
  }
  const start = (media: CallMedia) => () => void attempt(() => messenger.calls.start(chat.id, media));
  return (
    <>
      <IconButton label={t("calls.startVideo")} disabled={!isOnline} onClick={start("video")} className="disabled:text-ink-3">
        <Video aria-hidden className="size-5.5" />
      </IconButton>
      <IconButton label={t("calls.startAudio")} disabled={!isOnline} onClick={start("audio")} className="disabled:text-ink-3">
        <Phone aria-hidden className="size-5" />
      </IconButton>
    </>
  );
}

/** A call of a group that goes on without me. */
function joinable(state: State, chat: Chat): string | null {
  const call = chat.kind === "group" ? callIn(state, chat.id) : null;
  const mine = call && myPart(state, call)?.state;
  return call?.state === "active" && mine && mine !== "joined" ? call.id : null;
}

/** A call that is over, in the conversation; a click calls again. */
export function CallBubble({ message, call }: { message: Message; call: PastCall }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const isOwn = useStore((state) => message.sender === state.me?.id);
  const missed = isMissed(call, isOwn);
  const Icon = call.media === "video" ? Video : missed ? PhoneMissed : isOwn ? PhoneOutgoing : PhoneIncoming;
  return (
    <button type="button" onClick={() => void attempt(() => messenger.calls.start(message.chat, call.media))} className="flex w-56 max-w-full items-center gap-3 rounded-xl py-1 text-start">
      <span aria-hidden className={classes("flex size-11 shrink-0 items-center justify-center rounded-full", missed ? "bg-danger-soft text-danger" : "bg-accent-soft text-accent-strong")}>
        <Icon className="size-5" />
      </span>
      <span className="min-w-0">
        <span className={classes("block font-semibold", missed && "text-danger")}>{callName(t, call, isOwn)}</span>
        <span className="block text-sm text-ink-2 tabular-nums">{callOutcome(t, call, isOwn)}</span>
      </span>
    </button>
  );
}
