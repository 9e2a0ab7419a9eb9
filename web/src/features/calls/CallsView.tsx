import { Phone, PhoneIncoming, PhoneMissed, PhoneOff, PhoneOutgoing, Video } from "lucide-react";
import { useState } from "react";

import type { Call } from "@/api/calls";
import { useCallLog } from "@/features/calls/log";
import { useFace } from "@/features/calls/names";
import { clock } from "@/features/calls/words";
import { useAttempt } from "@/i18n/attempt";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { chatPath } from "@/lib/route";
import { listTime } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { myPart } from "@/store/calls";
import { useStore } from "@/store/react";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { Button, IconButton } from "@/ui/Button";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";
import { classes } from "@/ui/classes";

type Way = "missed" | "declined" | "incoming" | "outgoing";

/** Which way a call went, as I saw it. */
function wayOf(call: Call, me: string | undefined, part: string | undefined): Way {
  if (call.caller === me) return "outgoing";
  if (part === "missed" || part === "busy" || (part !== "rejected" && call.reason === "cancelled")) return "missed";
  return part === "rejected" ? "declined" : "incoming";
}

const signs = { missed: PhoneMissed, declined: PhoneOff, incoming: PhoneIncoming, outgoing: PhoneOutgoing } as const;
const words = { missed: "calls.log.missedCall", declined: "calls.log.declined", incoming: "calls.log.incoming", outgoing: "calls.log.outgoing" } as const;

/** The calls there were, with the way to call again. */
export function CallsView() {
  const { t } = useTranslation();
  const { rows, hasFailed, hasMore, loadMore, isLoading } = useCallLog();
  const [filter, setFilter] = useState<"all" | "missed">("all");
  const me = useStore((state) => state.me?.id);
  const shown = rows?.filter((call) => filter === "all" || wayOf(call, me, call.participants.find((one) => one.user === me)?.state) === "missed");
  return (
    <section aria-label={t("calls.title")} className="flex h-full flex-col">
      <header className="flex min-h-17 items-center px-5 pt-2">
        <h1 className="text-2xl font-extrabold tracking-tight">{t("calls.title")}</h1>
      </header>
      <div role="group" aria-label={t("calls.log.filter")} className="flex gap-2 px-4 pb-2">
        {(["all", "missed"] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={filter === one}
            onClick={() => setFilter(one)}
            className={classes("min-h-9 rounded-full px-4 text-sm font-semibold transition-colors", filter === one ? "bg-accent-soft text-accent-strong" : "bg-sunken text-ink-2 hover:text-ink")}
          >
            {t(`calls.log.${one}`)}
          </button>
        ))}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {hasFailed && (
          <p role="alert" className="flex flex-col items-center gap-3 p-6 text-center text-ink-2">
            {t("calls.log.failed")}
            <Button look="secondary" size="sm" onClick={loadMore}>
              {t("common.retry")}
            </Button>
          </p>
        )}
        {!rows && !hasFailed && <SkeletonRows />}
        {shown?.length === 0 && (
          <Blank icon={<Phone className="size-9" />} title={t(filter === "all" ? "calls.log.emptyTitle" : "calls.log.noMissedTitle")}>
            {t(filter === "all" ? "calls.log.emptyText" : "calls.log.noMissedText")}
          </Blank>
        )}
        <ul aria-label={t("calls.log.list")}>
          {shown?.map((call) => (
            <Row key={call.id} call={call} />
          ))}
        </ul>
        {hasMore && rows && (
          <div className="flex justify-center p-3">
            <Button look="secondary" size="sm" isBusy={isLoading} onClick={loadMore}>
              {t("calls.log.more")}
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

function Row({ call }: { call: Call }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const face = useFace(call.chat, call.participants.find((one) => one.user !== call.caller)?.user);
  const way = useStore((state) => wayOf(call, state.me?.id, myPart(state, call)?.state));
  const isOnline = useStore((state) => state.connection === "online");
  const Sign = signs[way];
  const isMissed = way === "missed";
  const length = call.started_at && call.ended_at ? clock(Date.parse(call.ended_at) - Date.parse(call.started_at)) : null;
  return (
    <li className="flex items-center gap-1 rounded-2xl pe-1 transition-colors hover:bg-sunken">
      <a href={`#${chatPath(call.chat)}`} aria-label={t("calls.log.openChat", { name: face.name })} className="flex min-w-0 flex-1 items-center gap-3 rounded-2xl px-2 py-2.5">
        <Avatar name={face.name} seed={face.seed} url={face.url} isGroup={face.isGroup} />
        <span className="min-w-0 flex-1">
          <Name className={classes("font-semibold", isMissed && "text-danger")}>{face.name}</Name>
          <span className={classes("flex items-center gap-1.5 truncate text-sm", isMissed ? "text-danger" : "text-ink-2")}>
            <Sign aria-hidden className="size-4 shrink-0" />
            {t(words[way])}
            {length && way !== "missed" && <span className="tabular-nums"> · {length}</span>}
          </span>
        </span>
        <time dateTime={call.created_at} className="shrink-0 self-start pt-1 text-xs text-ink-2">
          {listTime(call.created_at, locale())}
        </time>
      </a>
      <IconButton
        label={t(call.media === "video" ? "calls.log.callVideo" : "calls.log.callAudio", { name: face.name })}
        disabled={!isOnline}
        onClick={() => void attempt(() => messenger.calls.start(call.chat, call.media))}
        className="text-accent-strong disabled:text-ink-3"
      >
        {call.media === "video" ? <Video aria-hidden className="size-5.5" /> : <Phone aria-hidden className="size-5" />}
      </IconButton>
    </li>
  );
}
