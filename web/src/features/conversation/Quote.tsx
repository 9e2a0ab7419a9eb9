import { useTranslation } from "react-i18next";

import type { ReplyPreview } from "@/api/types";
import { useActions } from "@/features/conversation/actions";
import { kindName } from "@/parts/preview";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";

/** What a message answers; a click shows it in its place. */
export function Quote({ quote }: { quote: ReplyPreview }) {
  const { t } = useTranslation();
  const { goTo } = useActions();
  const isMine = useStore((state) => quote.sender === state.me?.id);
  const name = useStore((state) => (quote.sender ? nameOf(state.users[quote.sender]) : ""));
  const called = isMine ? t("message.you") : name || t("system.someone");
  return (
    <button
      type="button"
      aria-label={t("message.quoteOf", { name: called })}
      onClick={() => goTo(quote.seq)}
      className="mb-1 block w-full rounded-xl border-s-4 border-accent bg-ink/6 px-2.5 py-1.5 text-start text-sm transition hover:bg-ink/10"
    >
      <span dir="auto" className="block font-semibold text-accent-strong">
        {called}
      </span>
      <span dir="auto" className="line-clamp-2 text-ink-2">
        {quote.text === null ? t("conversation.deleted") : quote.text || kindName(t, quote.kind)}
      </span>
    </button>
  );
}
