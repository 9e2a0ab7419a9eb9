import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";

const TICK_MS = 50;

/** How much of a time has gone, 0 to 1, as long as it runs; `onEnd` once all of it has. */
export function useProgress(ms: number, isRunning: boolean, onEnd: () => void): number {
  const [spent, setSpent] = useState(0);
  useEffect(() => {
    if (!isRunning) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const passed = now - last;
      last = now;
      setSpent((before) => before + passed);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  const isOver = spent >= ms;
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    if (isOver) end();
  }, [isOver]);
  return Math.min(1, spent / ms);
}

/** Whether somebody can look at the page. */
export function useInView(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
    () => document.visibilityState === "visible",
  );
}
