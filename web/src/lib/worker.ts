/** The service worker as the page meets it. */

/** Pages ask for a newer version this often, besides each time they are opened. */
const LOOK_AGAIN_MS = 3_600_000;

let registration: ServiceWorkerRegistration | null = null;
let hasFailed = false;
let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();

function setWaiting(worker: ServiceWorker | null): void {
  waiting = worker;
  for (const listener of listeners) listener();
}

/** Puts the worker in its place, once the page has what it needs itself. `open`: someone clicked on a notification. */
export function startWorker(open: (path: string) => void): void {
  // The development server changes by the minute.
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const workers = navigator.serviceWorker;
  workers.addEventListener("message", (event: MessageEvent<unknown>) => {
    const path = (event.data as { open?: unknown } | null)?.open;
    if (typeof path === "string" && path.startsWith("/")) open(path);
  });
  const register = (): void => {
    workers.register("/sw.js", { updateViaCache: "none" }).then(watch, () => {
      hasFailed = true;
    });
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

function watch(made: ServiceWorkerRegistration): void {
  registration = made;
  // Without a former one there is nothing to make way for.
  if (made.waiting && navigator.serviceWorker.controller) setWaiting(made.waiting);
  made.addEventListener("updatefound", () => {
    const coming = made.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) setWaiting(coming);
      if (coming.state === "redundant" && waiting === coming) setWaiting(null);
    });
  });
  const look = (): void => {
    if (document.visibilityState === "visible" && navigator.onLine) void made.update().catch(() => undefined);
  };
  setInterval(look, LOOK_AGAIN_MS);
}

/** Has the worker read again what it lacks of the client: storage may have been emptied. */
export async function keepBuild(): Promise<void> {
  const ready = await workerReady();
  ready?.active?.postMessage("keep");
}

export function subscribeUpdate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a newer version stands ready. */
export function isUpdateReady(): boolean {
  return waiting !== null;
}

/** Lets the newer version take over, and opens it. */
export function takeUpdate(): void {
  if (!waiting) return;
  // Another page may have let it in already.
  if (waiting.state === "activated") location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take-over");
}

/**
 * Opens the page anew, in the newest version there is. Without a connection to the server nothing
 * happens: the browser's page of errors would be no better.
 */
export async function reopen(): Promise<void> {
  // Not answered by the worker, which only knows what it has kept.
  const isThere = await fetch("/", { method: "HEAD", cache: "no-store" }).then(({ ok }) => ok, () => false);
  if (!isThere) return;
  if (waiting) takeUpdate();
  else location.reload();
}

/** The worker once it works; null where there is none. */
export async function workerReady(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD || hasFailed) return null;
  return navigator.serviceWorker.ready;
}

/** Closes what the system shows and is over. */
export async function closeNotices(isOver: (tag: string) => boolean): Promise<void> {
  const shown = (await registration?.getNotifications?.()) ?? [];
  for (const notice of shown) if (isOver(notice.tag)) notice.close();
}

/** Ends pushes to this browser and deletes all that its caches hold. */
export async function wipeWorker(): Promise<void> {
  if (registration) {
    await closeNotices(() => true);
    const subscription = await registration.pushManager?.getSubscription();
    await subscription?.unsubscribe();
  }
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) await caches.delete(name);
}
