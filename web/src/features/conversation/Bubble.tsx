import { Ban, Info } from "lucide-react";
import { memo, useCallback, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Message } from "@/api/types";
import type { Row } from "@/features/conversation/rows";
import { locale } from "@/i18n/locale";
import { isOnlyEmoji, linkParts } from "@/lib/text";
import { clockTime, dayName } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf, statusOf } from "@/store/selectors";
import type { State } from "@/store/state";
import { Button } from "@/ui/Button";
import { Ticks, type TickKind } from "@/ui/Ticks";
import { classes } from "@/ui/classes";

/** One row: the day or the unread line before it where one begins, then the bubble. */
export const BubbleRow = memo(function BubbleRow({ row, isGroup, unread }: { row: Row; isGroup: boolean; unread: number }) {
  const { t } = useTranslation();
  return (
    <div className={classes("px-3 md:px-[6%]", row.isFirst ? "pt-2.5" : "pt-0.5")}>
      {row.day && <Pill>{dayName(row.day, locale())}</Pill>}
      {row.isDivider && (
        <div role="separator" className="my-3 flex items-center gap-3 text-sm font-semibold text-accent-strong before:h-px before:flex-1 before:bg-accent/40 after:h-px after:flex-1 after:bg-accent/40">
          {t("conversation.unread", { count: unread })}
        </div>
      )}
      {row.message?.kind === "system" ? (
        <Pill>{row.message.text || t("preview.system")}</Pill>
      ) : (
        <div className={classes("flex", row.isOwn ? "justify-end" : "justify-start")}>
          <Bubble row={row} isGroup={isGroup} />
        </div>
      )}
      {row.pending?.state === "failed" && <Failed row={row} />}
    </div>
  );
});

function Pill({ children }: { children: ReactNode }) {
  return (
    <div className="my-3 flex justify-center">
      <span className="rounded-full bg-surface/90 px-3.5 py-1 text-xs font-semibold text-ink-2 shadow-soft">{children}</span>
    </div>
  );
}

function Bubble({ row, isGroup }: { row: Row; isGroup: boolean }) {
  const { t } = useTranslation();
  const { message, pending, isOwn } = row;
  const text = message?.text ?? pending?.text ?? "";
  const at = message?.created_at ?? pending?.createdAt ?? "";
  const isLarge = !message?.deleted_at && isOnlyEmoji(text) && (!message || message.kind === "text");
  return (
    <div
      className={classes(
        "relative max-w-[85%] min-w-0 rounded-[1.25rem] px-3.5 py-2 wrap-anywhere md:max-w-[68%]",
        !isLarge && "shadow-soft",
        !isLarge && (isOwn ? "bg-own" : "bg-other"),
        // The corner towards the writer closes the last bubble of a run.
        row.isLast && !isLarge && (isOwn ? "rounded-ee-md" : "rounded-es-md"),
        !row.isFirst && !isLarge && (isOwn ? "rounded-se-lg" : "rounded-ss-lg"),
      )}
    >
      {isGroup && !isOwn && row.isFirst && message?.sender && <SenderName id={message.sender} />}
      <Content message={message} text={text} isLarge={isLarge} />
      <span
        className={classes(
          "flex items-center gap-1 text-[0.7rem] leading-4 text-ink-2 select-none",
          isLarge ? "justify-end pt-1" : "float-end ms-3 mt-1.5 -mb-0.5",
        )}
      >
        {message?.edited_at && !message.deleted_at && <span>{t("conversation.edited")}</span>}
        <time dateTime={at}>{clockTime(at, locale())}</time>
        {isOwn && !message?.deleted_at && <RowTicks row={row} />}
      </span>
      {message?.reactions && message.reactions.length > 0 && !message.deleted_at && (
        <span className="clear-both flex flex-wrap gap-1 pt-1">
          {message.reactions.map((reaction) => (
            <span key={reaction.emoji} className={classes("rounded-full px-2 py-0.5 text-sm", reaction.mine ? "bg-accent-soft" : "bg-sunken")}>
              {reaction.emoji} {reaction.count > 1 && reaction.count}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

function Content({ message, text, isLarge }: { message: Message | null; text: string; isLarge: boolean }) {
  const { t } = useTranslation();
  if (message?.deleted_at) {
    return (
      <span className="inline-flex items-center gap-1.5 text-ink-2 italic">
        <Ban aria-hidden className="size-4" />
        {t("conversation.deleted")}
      </span>
    );
  }
  return (
    <>
      {message?.reply_to && <Quote message={message} />}
      {message && message.kind !== "text" && <Unsupported kind={message.kind} />}
      {text && (
        <span dir="auto" className={classes("whitespace-pre-wrap", isLarge && "text-5xl leading-tight")}>
          {linkParts(text).map((part, index) =>
            part.href ? (
              <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" className="text-seen underline decoration-1 underline-offset-2">
                {part.text}
              </a>
            ) : (
              part.text
            ),
          )}
        </span>
      )}
    </>
  );
}

function Quote({ message }: { message: Message }) {
  const { t } = useTranslation();
  const reply = message.reply_to;
  const name = useStore((state) => (reply?.sender ? nameOf(state.users[reply.sender]) : ""));
  if (!reply) return null;
  return (
    <span className="mb-1 block rounded-lg border-s-4 border-accent bg-sunken/70 px-2.5 py-1 text-sm">
      <span className="block font-semibold text-accent-strong">{name}</span>
      <span dir="auto" className="line-clamp-2 text-ink-2">
        {reply.text ?? t("conversation.deleted")}
      </span>
    </span>
  );
}

/** What this version cannot show is said so, instead of a hole in the conversation. */
function Unsupported({ kind }: { kind: string }) {
  const { t, i18n } = useTranslation();
  const key = `preview.${kind}`;
  const name = i18n.exists(key) ? t(key as "preview.other") : t("preview.other");
  return (
    <span className="flex items-start gap-2 rounded-xl bg-sunken/70 px-3 py-2 text-sm text-ink-2">
      <Info aria-hidden className="mt-0.5 size-4 shrink-0" />
      {t("conversation.unsupported", { kind: name })}
    </span>
  );
}

function SenderName({ id }: { id: string }) {
  const name = useStore((state) => nameOf(state.users[id]));
  return (
    <span dir="auto" className="block text-sm font-semibold text-accent-strong">
      {name}
    </span>
  );
}

function RowTicks({ row: { message, pending } }: { row: Row }) {
  const { t } = useTranslation();
  const kind = useStore(
    useCallback(
      (state: State): TickKind => {
        if (pending) return pending.state === "queued" ? "sending" : pending.state;
        return (message && statusOf(state, message)) ?? "sent";
      },
      [message, pending],
    ),
  );
  return <Ticks kind={kind} label={t(`ticks.${kind}`)} />;
}

function Failed({ row }: { row: Row }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const { pending } = row;
  if (!pending) return null;
  return (
    <div role="alert" className="flex flex-wrap items-center justify-end gap-x-1 pt-1 text-sm text-danger">
      {pending.error === "chat_closed" ? t("conversation.failedClosed") : t("conversation.failed")}
      <Button look="quiet" size="sm" onClick={() => messenger.outbox.retry(pending.clientId)}>
        {t("conversation.retry")}
      </Button>
      <Button look="quiet" size="sm" onClick={() => messenger.outbox.discard(pending.clientId)}>
        {t("conversation.discard")}
      </Button>
    </div>
  );
}
