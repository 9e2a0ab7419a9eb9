/** The files of one version of the client, kept so that it opens without a network. */

/** Put in by the build: every file that the client may need, and a hash over all of them. */
declare const __FILES__: readonly string[];
declare const __VERSION__: string;

declare const self: ServiceWorkerGlobalScope;

const PREFIX = "build-";
const CACHE = PREFIX + __VERSION__;
const PAGE = "/";
const files: ReadonlySet<string> = new Set(__FILES__);

/** Reads all files of this version; those that an earlier version had as well are taken from it. */
export async function keepBuild(): Promise<void> {
  const cache = await caches.open(CACHE);
  const held = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  const missing = [...files].filter((path) => !held.has(path));
  await Promise.all(missing.map(async (path) => cache.put(path, await read(path))));
}

/** What is named by its hash never changes; all else is asked for anew. */
async function read(path: string): Promise<Response> {
  const isHashed = path.startsWith("/assets/");
  const held = isHashed ? await caches.match(path) : undefined;
  if (held) return held;
  const answer = await fetch(path, { cache: isHashed ? "default" : "reload", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** Drops former versions, but for the last: a page that is still open may need its parts. */
export async function dropFormerBuilds(): Promise<void> {
  const former = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(former.slice(0, -1).map((name) => caches.delete(name)));
}

/**
 * The answer to a request for a file of the client; null for all else, above all for the API and
 * for media: those are never kept.
 */
export function answerFrom(event: FetchEvent): Promise<Response> | null {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return null;
  if (request.mode === "navigate") return url.pathname === PAGE ? answerPage(event) : null;
  if (url.pathname === PAGE) return null;
  if (files.has(url.pathname)) return answerFile(request);
  // A page of the former version asks for a part of it.
  return url.pathname.startsWith("/assets/") ? answerFile(request) : null;
}

async function answerFile(request: Request): Promise<Response> {
  const own = await caches.match(request.url, { cacheName: CACHE, ignoreSearch: true });
  return own ?? (await caches.match(request.url)) ?? fetch(request);
}

async function answerPage(event: FetchEvent): Promise<Response> {
  // Not opened before there is something in it: what a log-out deleted must not come back by a look.
  const held = await caches.match(PAGE, { cacheName: CACHE });
  const asked = fetch(event.request);
  if (!held) return asked;
  event.waitUntil(asked.then((answer) => renew(held.clone(), answer)).catch(() => undefined));
  return held;
}

/** The same page may come with other headers now; another page is another version. */
async function renew(held: Response, answer: Response): Promise<void> {
  if (!answer.ok || answer.redirected) return;
  const copy = answer.clone();
  const [before, now] = await Promise.all([held.text(), answer.text()]);
  if (before !== now) await self.registration.update();
  else if (await caches.has(CACHE)) await (await caches.open(CACHE)).put(PAGE, copy);
}
