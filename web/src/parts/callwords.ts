import type { TFunction } from "i18next";

import type { PastCall } from "@/api/content";
import { countdown } from "@/lib/time";

/** Whether the one who was called did not answer. */
export function isMissed(call: PastCall, isOwn: boolean): boolean {
  return !isOwn && (call.reason === "missed" || call.reason === "cancelled" || call.reason === "busy");
}

/** "Video call", "Missed voice call". */
export function callName(t: TFunction, call: PastCall, isOwn: boolean): string {
  if (isMissed(call, isOwn)) return t(call.media === "video" ? "calls.message.missedVideo" : "calls.message.missedAudio");
  return t(`calls.message.${call.media}`);
}

/** How it went: its length, or why there was none. */
export function callOutcome(t: TFunction, call: PastCall, isOwn: boolean): string {
  if (call.duration > 0) return countdown(call.duration);
  switch (call.reason) {
    case "declined":
    case "failed":
      return t(`calls.message.${call.reason}`);
    case "missed":
      return t(isOwn ? "calls.message.noAnswer" : "calls.message.callBack");
    case "busy":
    case "cancelled":
      return t(isOwn ? `calls.message.${call.reason}` : "calls.message.callBack");
    default:
      return countdown(0);
  }
}
