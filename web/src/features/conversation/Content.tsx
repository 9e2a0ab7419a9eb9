import { Ban, Info } from "lucide-react";

import { callOf, contactOf, placeOf, pollOf } from "@/api/content";
import type { Id, Message } from "@/api/types";
import { ContactView, LinkView, PlaceView } from "@/features/conversation/cards";
import { Attachments, hasFiles } from "@/features/conversation/media/Attachments";
import { isVisual, mediaOf } from "@/features/conversation/media/box";
import { PollView } from "@/features/conversation/PollView";
import { Quote } from "@/features/conversation/Quote";
import { useTranslation } from "@/i18n/react";
import { linkParts } from "@/lib/text";
import { CallBubble } from "@/parts/calls";
import { kindName } from "@/parts/preview";
import { mentionParts } from "@/store/mentions";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import type { Pending } from "@/store/state";
import { classes } from "@/ui/classes";

const NOBODY: Id[] = [];

interface Props {
  message: Message | null;
  pending: Pending | null;
  text: string;
  isLarge: boolean;
}

/** What a bubble says. */
export function Content({ message, pending, text, isLarge }: Props) {
  const { t } = useTranslation();
  if (message?.deleted_at) {
    return (
      <span className="inline-flex items-center gap-1.5 text-ink-2 italic">
        <Ban aria-hidden className="size-4" />
        {t("conversation.deleted")}
      </span>
    );
  }
  const kind = message?.kind ?? pending?.kind ?? "text";
  const isFramed = isVisual(kind);
  return (
    <>
      {message?.reply_to && <Quote chat={message.chat} quote={message.reply_to} />}
      {hasFiles(kind) ? (
        <Attachments kind={kind} message={message} pending={pending} media={mediaOf(message, pending)} />
      ) : message ? (
        <Thing message={message} />
      ) : (
        pending && pending.kind !== "text" && <span className="italic">{kindName(t, pending.kind)}</span>
      )}
      {text && (
        <span dir="auto" className={classes("whitespace-pre-wrap", isFramed && "block px-2.5 pt-1.5", isLarge && "text-5xl leading-tight")}>
          <Words text={text} mentions={message?.mentions ?? NOBODY} />
        </span>
      )}
      {message?.preview && <LinkView preview={message.preview} />}
    </>
  );
}

/** What is more than text, by its kind. */
function Thing({ message }: { message: Message }) {
  const poll = pollOf(message);
  if (poll) return <PollView message={message} poll={poll} />;
  const place = placeOf(message);
  if (place) return <PlaceView place={place} />;
  const contact = contactOf(message);
  if (contact) return <ContactView contact={contact} />;
  const call = callOf(message);
  if (call) return <CallBubble message={message} call={call} />;
  return message.kind === "text" ? null : <Unsupported kind={message.kind} />;
}

/** Text with its links and the people it calls; text is text. */
function Words({ text, mentions }: { text: string; mentions: Id[] }) {
  const users = useStore((state) => (mentions.length > 0 ? state.users : null));
  return mentionParts(text, mentions, users ?? {}).map((part, index) =>
    part.of === null ? (
      <Links key={index} text={part.text} />
    ) : (
      <span key={index} className="rounded bg-accent-soft px-0.5 font-semibold text-accent-strong">
        {part.of === "all" ? part.text : `@${nameOf(users?.[part.of]) || part.text.slice(1)}`}
      </span>
    ),
  );
}

function Links({ text }: { text: string }) {
  return linkParts(text).map((part, index) =>
    part.href ? (
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" className="text-seen underline decoration-1 underline-offset-2">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}

/** What this version cannot show is said so, instead of a hole in the conversation. */
function Unsupported({ kind }: { kind: string }) {
  const { t } = useTranslation();
  return (
    <span className="flex items-start gap-2 text-ink-2">
      <Info aria-hidden className="mt-0.5 size-4.5 shrink-0" />
      {t("conversation.unsupported", { kind: kindName(t, kind) })}
    </span>
  );
}
