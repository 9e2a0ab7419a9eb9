/** Pushes: what they show, and where a click on it leads. */

import { noticeOf, readPush, type NoticeWords, type Push } from "@/lib/notice";
import { readWords } from "@/lib/words";

declare const self: ServiceWorkerGlobalScope;

/** Shows what a push says, unless someone is looking at the client: it shows that itself. */
export async function showPush(data: PushMessageData | null): Promise<void> {
  const push = readPush(data?.text());
  const pages = await self.clients.matchAll({ type: "window" });
  if (push) await setBadge(push.unread);
  if (pages.some((page) => page.focused && page.visibilityState === "visible")) return;
  // Whoever sends a push has to show something, or browsers take the right away.
  await show(push ?? { kind: "message", unread: 1 }, await readWords());
}

async function show(push: Push, words: NoticeWords): Promise<void> {
  const { title, body, tag, path } = noticeOf(push, words);
  const isCall = push.kind === "call";
  // A push tells how things stand: with one thing unread, what is shown of others is over.
  if (push.unread <= 1 && !isCall) await closeNotices((other) => other !== tag);
  await self.registration.showNotification(title, {
    body,
    tag,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    data: { path },
    requireInteraction: isCall,
    // The newest takes the place of the one before, and is heard all the same.
    ...{ renotify: true, timestamp: Date.now() },
  });
}

async function closeNotices(isOver: (tag: string) => boolean): Promise<void> {
  for (const shown of await self.registration.getNotifications()) {
    if (isOver(shown.tag)) shown.close();
  }
}

/** Opens what a notification is about, in a page that is open already if there is one. */
export async function openNotice(notice: Notification): Promise<void> {
  notice.close();
  const path = (notice.data as { path?: string } | null)?.path ?? "/";
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find((one) => one.focused) ?? pages.find((one) => one.visibilityState === "visible") ?? pages[0];
  if (!page) {
    await self.clients.openWindow(`/#${path}`);
    return;
  }
  page.postMessage({ open: path });
  await page.focus();
}

async function setBadge(unread: number): Promise<void> {
  try {
    if (unread > 0) await navigator.setAppBadge?.(unread);
    else await navigator.clearAppBadge?.();
  } catch {
    // Not every system has badges.
  }
}
