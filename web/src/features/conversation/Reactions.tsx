import type { Message } from "@/api/types";
import { useActions } from "@/features/conversation/actions";
import { useTranslation } from "@/i18n/react";
import { classes } from "@/ui/classes";

const SHOWN = 4;

/** A pill below the bubble: what people have put on it. A click tells who. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { showReactions } = useActions();
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return null;
  const count = reactions.reduce((sum, reaction) => sum + reaction.count, 0);
  const emoji = reactions.slice(0, SHOWN).map((reaction) => reaction.emoji);
  return (
    <button
      type="button"
      aria-label={t("message.reactionBy", { emoji: emoji.join(" "), count })}
      onClick={() => showReactions(message)}
      className={classes(
        "relative -mt-1.5 mb-0.5 flex h-7 items-center gap-1 rounded-full border-2 border-(--wall) px-2 text-sm shadow-soft",
        reactions.some((reaction) => reaction.mine) ? "bg-accent-soft" : "bg-raised",
      )}
    >
      {emoji.map((one) => (
        <span key={one}>{one}</span>
      ))}
      {count > 1 && <span className="text-xs font-semibold text-ink-2">{count}</span>}
    </button>
  );
}
