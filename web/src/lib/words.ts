import { push } from "@/i18n/en/push";
import type { NoticeWords } from "@/lib/notice";

/** Where the page leaves the words of the person's language for the worker; goes with the log-out. */
const CACHE = "words";
const KEY = "/words";

/** The words of notifications, English until a page has said which. */
export async function readWords(): Promise<NoticeWords> {
  try {
    const held = await (await caches.open(CACHE)).match(KEY);
    return held ? { ...push, ...((await held.json()) as Partial<NoticeWords>) } : push;
  } catch {
    return push;
  }
}

/** Leaves the words for the worker. */
export async function keepWords(words: NoticeWords): Promise<void> {
  try {
    const answer = new Response(JSON.stringify(words), { headers: { "Content-Type": "application/json" } });
    await (await caches.open(CACHE)).put(KEY, answer);
  } catch {
    // Then it speaks English.
  }
}
