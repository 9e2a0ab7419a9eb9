import type { TFunction } from "i18next";

import { ApiError, NetworkError } from "@/api/http";
import { en } from "@/i18n/en";

/** What a person is told of a failure. `known`: sentences for the codes a screen knows more about. */
export function errorText(t: TFunction, error: unknown, known: Record<string, string> = {}): string {
  if (error instanceof NetworkError) return t("errors.network");
  if (!(error instanceof ApiError)) return t("errors.unknown");
  const sentence = known[error.code] ?? known[String(error.status)];
  if (sentence) return sentence;
  if (error.code in en.errors.codes) return t(`errors.codes.${error.code as keyof typeof en.errors.codes}`);
  if (error.status === 429) return t("errors.rate", { seconds: Math.ceil(error.retryAfter ?? 30) });
  const [field] = Object.values(error.fields);
  return field?.[0] ?? (error.message || t("errors.unknown"));
}
