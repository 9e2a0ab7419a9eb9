/** The service worker: opens the client without a network, and shows pushes while no page does. */

import { answerFrom, dropFormerBuilds, keepBuild } from "./build";
import { openNotice, showPush } from "./pushes";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(keepBuild()));

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropFormerBuilds(), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const answer = answerFrom(event);
  if (answer) event.respondWith(answer);
});

self.addEventListener("message", (event) => {
  // A new version waits until the person wants it, or until no page of the former one is open.
  if (event.data === "take-over") void self.skipWaiting();
  // Storage was emptied, by a log-out or by the browser.
  if (event.data === "keep") event.waitUntil(keepBuild().catch(() => undefined));
});

self.addEventListener("push", (event) => event.waitUntil(showPush(event.data)));

self.addEventListener("notificationclick", (event) => event.waitUntil(openNotice(event.notification)));
