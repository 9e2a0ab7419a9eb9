import { Pencil, Reply, X } from "lucide-react";

import type { Message } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { Preview } from "@/parts/preview";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import type { Composing } from "@/store/state";
import { IconButton } from "@/ui/Button";

/** Above the text: what it answers, or which message it replaces. */
export function ContextBar({ composing, message, onCancel }: { composing: Composing; message: Message; onCancel: () => void }) {
  const { t } = useTranslation();
  const name = useStore((state) => (message.sender === state.me?.id ? t("composer.yourself") : nameOf(state.users[message.sender ?? ""]) || t("system.someone")));
  const isReply = composing.kind === "reply";
  const Icon = isReply ? Reply : Pencil;
  return (
    <div className="animate-rise flex items-center gap-3 px-4 pt-2 md:px-6">
      <Icon aria-hidden className="size-5 shrink-0 text-accent-strong" />
      <p className="min-w-0 flex-1 border-s-4 border-accent ps-3">
        <span dir="auto" className="block truncate text-sm font-semibold text-accent-strong">
          {isReply ? t("composer.replyingTo", { name }) : t("composer.editing")}
        </span>
        <span dir="auto" className="block truncate text-sm text-ink-2">
          <Preview message={message} />
        </span>
      </p>
      <IconButton label={t(isReply ? "composer.cancelReply" : "composer.cancelEdit")} onClick={onCancel}>
        <X aria-hidden className="size-5" />
      </IconButton>
    </div>
  );
}
