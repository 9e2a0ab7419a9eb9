/** The start has this long for itself, in milliseconds. */
const START_MS = 1_500;
/** What is put off waits no longer than this then, in milliseconds: a page in the background is never idle. */
const LATEST_MS = 1_000;

/** Does what nobody waits for once the page has started and has nothing else to do; each thing in a moment of its own. */
export function whenIdle(work: () => void): void {
  setTimeout(() => {
    // Safari has no idle moments.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: LATEST_MS });
    else work();
  }, Math.max(0, START_MS - performance.now()));
}
