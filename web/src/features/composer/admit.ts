import type { TFunction } from "i18next";

import type { Limits } from "@/api/types";
import { locale } from "@/i18n/locale";
import { fileSize } from "@/lib/size";

/** Which of some files can be sent, and a word for each that cannot. `room`: so many more fit. */
export function admit(t: TFunction, files: readonly File[], limits: Limits | null, room: number): { taken: File[]; refused: string[] } {
  const taken: File[] = [];
  const refused: string[] = [];
  for (const file of files) {
    if (file.size === 0) refused.push(t("attach.empty", { name: file.name }));
    else if (limits && file.size > limits.media_bytes) refused.push(t("attach.tooLarge", { name: file.name, limit: fileSize(limits.media_bytes, locale()) }));
    else taken.push(file);
  }
  if (taken.length > room) refused.push(t("attach.tooMany", { count: limits?.attachments ?? room }));
  return { taken: taken.slice(0, room), refused };
}
