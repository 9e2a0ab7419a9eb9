import { Check } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import type { Poll, Votes } from "@/api/content";
import type { Message } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { isAdmin, nameOf } from "@/store/selectors";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/hooks";

/** A poll: its options with the votes; a click votes. */
export function PollView({ message, poll }: { message: Message; poll: Poll }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  // What I have just chosen, until the server has said so too.
  const [wanted, setWanted] = useState<number[] | null>(null);
  const mayClose = useStore((state) => {
    const chat = state.chats[message.chat];
    return message.sender === state.me?.id || (chat !== undefined && isAdmin(chat));
  });
  const now = useNow(30_000);
  const isOver = poll.closes_at !== null && Date.parse(poll.closes_at) <= now;
  const mine = poll.votes.flatMap((vote, index) => (vote.mine ? [index] : []));
  const chosen = wanted ?? mine;
  const most = Math.max(1, ...poll.votes.map((vote) => vote.count));

  async function choose(option: number): Promise<void> {
    const has = chosen.includes(option);
    const next = has ? chosen.filter((one) => one !== option) : poll.multiple ? [...chosen, option].sort() : [option];
    setWanted(next);
    await attempt(() => messenger.acts.vote(message.chat, message.seq, next));
    setWanted(null);
  }

  return (
    <div className="w-72 max-w-full space-y-2 pt-0.5">
      <p dir="auto" className="font-bold">
        {poll.question}
      </p>
      <p className="text-xs text-ink-2">{isOver ? t("poll.closed") : t(poll.multiple ? "poll.several" : "poll.one")}</p>
      <ul>
        {poll.options.map((option, index) => (
          <li key={option}>
            <Option
              text={option}
              vote={poll.votes[index] ?? { count: 0, users: [] }}
              most={most}
              isChosen={chosen.includes(index)}
              isRound={!poll.multiple}
              isOver={isOver}
              onChoose={() => void choose(index)}
            />
          </li>
        ))}
      </ul>
      {!isOver && poll.closes_at && <p className="text-xs text-ink-2">{moment(poll.closes_at, locale())}</p>}
      {!isOver && mayClose && (
        <Button look="quiet" size="sm" className="-ms-4" onClick={() => void attempt(() => messenger.acts.closePoll(message.chat, message.seq))}>
          {t("poll.close")}
        </Button>
      )}
    </div>
  );
}

interface OptionProps {
  text: string;
  vote: Votes;
  most: number;
  isChosen: boolean;
  isRound: boolean;
  isOver: boolean;
  onChoose: () => void;
}

function Option({ text, vote, most, isChosen, isRound, isOver, onChoose }: OptionProps) {
  const { t } = useTranslation();
  const bar = useRef<HTMLSpanElement>(null);
  const share = vote.count / most;
  const names = useStore((state) => vote.users.map((user) => nameOf(state.users[user])).join(", "));
  useEffect(() => {
    // The content policy allows no style in the markup.
    if (bar.current) bar.current.style.width = `${share * 100}%`;
  }, [share]);
  return (
    <button
      type="button"
      role={isRound ? "radio" : "checkbox"}
      aria-checked={isChosen}
      aria-label={`${text}, ${t("poll.votes", { count: vote.count })}`}
      title={names || undefined}
      disabled={isOver}
      onClick={onChoose}
      className="flex w-full items-start gap-2.5 rounded-lg py-1.5 text-start"
    >
      <span
        aria-hidden
        className={classes("mt-0.5 flex size-5 shrink-0 items-center justify-center border-2", isRound ? "rounded-full" : "rounded-md", isChosen ? "border-accent bg-accent text-on-accent" : "border-ink-3")}
      >
        {isChosen && <Check className="size-3.5" strokeWidth={3.5} />}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex justify-between gap-3">
          <span dir="auto">{text}</span>
          <span className="text-sm font-semibold text-ink-2 tabular-nums">{vote.count}</span>
        </span>
        <span aria-hidden className="mt-1 block h-1.5 overflow-hidden rounded-full bg-ink/10">
          <span ref={bar} className="block h-full rounded-full bg-accent transition-[width] duration-300" />
        </span>
      </span>
    </button>
  );
}
