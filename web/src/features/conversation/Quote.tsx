import type { Id, Medium, ReplyPreview } from "@/api/types";
import { useActions } from "@/features/conversation/actions";
import { useTranslation } from "@/i18n/react";
import { KindIcon } from "@/parts/KindIcon";
import { filesName } from "@/parts/preview";
import { messageAt } from "@/store/log";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";

const NONE: Medium[] = [];

/** What a message answers; a click shows it in its place. */
export function Quote({ chat, quote }: { chat: Id; quote: ReplyPreview }) {
  const { t } = useTranslation();
  const { goTo } = useActions();
  const isMine = useStore((state) => quote.sender === state.me?.id);
  const name = useStore((state) => (quote.sender ? nameOf(state.users[quote.sender]) : ""));
  // What the quote itself does not say, the message does where it is held.
  const media = useStore((state) => messageAt(state.logs[chat], quote.seq)?.attachments ?? NONE);
  const small = quote.kind === "image" || quote.kind === "video" ? media[0]?.thumbnail_url : null;
  const called = isMine ? t("message.you") : name || t("system.someone");
  return (
    <button
      type="button"
      aria-label={t("message.quoteOf", { name: called })}
      onClick={() => goTo(quote.seq)}
      className="mb-1 block w-full rounded-xl border-s-4 border-accent bg-ink/6 px-2.5 py-1.5 text-start text-sm transition hover:bg-ink/10"
    >
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block font-semibold text-accent-strong">
            {called}
          </span>
          <span dir="auto" className="line-clamp-2 text-ink-2">
        {quote.text !== null && <KindIcon kind={quote.kind} />}
            {quote.text === null ? t("conversation.deleted") : quote.text || filesName(t, quote.kind, media)}
          </span>
        </span>
        {small && quote.text !== null && <img src={small} alt="" className="size-11 shrink-0 rounded-lg object-cover" />}
      </span>
    </button>
  );
}
