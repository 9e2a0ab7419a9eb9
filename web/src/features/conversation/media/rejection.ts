import type { TFunction } from "i18next";

import type { Medium } from "@/api/types";
import { en } from "@/i18n/en";

/** Why a file cannot be shown. */
export function rejection(t: TFunction, medium: Medium): string {
  const reason = medium.reason ?? "";
  return t(`media.rejected.${reason in en.media.rejected ? (reason as keyof typeof en.media.rejected) : "failed"}`);
}
