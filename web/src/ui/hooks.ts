import { useEffect, useState, useSyncExternalStore } from "react";

import { parseRoute, type Route } from "@/lib/route";

let held: { hash: string; route: Route } | null = null;

function readRoute(): Route {
  if (held?.hash !== location.hash) held = { hash: location.hash, route: parseRoute(location.hash) };
  return held.route;
}

function subscribeRoute(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  addEventListener("popstate", listener);
  return () => {
    removeEventListener("hashchange", listener);
    removeEventListener("popstate", listener);
  };
}

/** Where the person is. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribeRoute, readRoute);
}

/** The present time in milliseconds, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Whether the window is wide enough for two panes. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia("(min-width: 768px)");
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia("(min-width: 768px)").matches,
  );
}
