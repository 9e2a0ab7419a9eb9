import type { TFunction } from "i18next";

import type { TalkView } from "@/calls/talk";
import { countdown } from "@/lib/time";

/** What a call is doing, or how it ended, in words. */
export function phaseText(t: TFunction, talk: TalkView, now: number): string {
  if (talk.phase === "ended" && talk.ending) {
    const text = t(`calls.ending.${talk.ending}`);
    return talk.since !== null && talk.until !== null ? `${text} · ${clock(talk.until - talk.since)}` : text;
  }
  if (talk.phase === "connected" && talk.since !== null) return clock(now - talk.since);
  if (talk.phase === "connecting" && talk.remotes.length === 0 && talk.since !== null) return t("calls.waiting");
  return t(`calls.phase.${talk.phase}`);
}

/** Milliseconds as "4:07" or "1:04:07". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${countdown(seconds % 3600).padStart(5, "0")}` : countdown(seconds);
}
