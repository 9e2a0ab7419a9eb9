import { createContext, useContext, useRef, useSyncExternalStore } from "react";

import type { State } from "@/store/state";
import type { Store } from "@/store/store";

const StoreContext = createContext<Store | null>(null);

export const StoreProvider = StoreContext.Provider;

/**
 * What `select` picks of the state; the component renders again only when that differs.
 * A selector that builds a new object each time needs `isEqual`, or has to remember its last answer.
 */
export function useStore<T>(select: (state: State) => T, isEqual: (a: T, b: T) => boolean = Object.is): T {
  const store = useContext(StoreContext);
  if (!store) throw new Error("useStore stands outside of StoreProvider.");
  const last = useRef<{ state: State; select: (state: State) => T; value: T } | null>(null);
  const snapshot = (): T => {
    const state = store.getState();
    const held = last.current;
    if (held && held.state === state && held.select === select) return held.value;
    const value = select(state);
    const kept = held && isEqual(held.value, value) ? held.value : value;
    last.current = { state, select, value: kept };
    return kept;
  };
  return useSyncExternalStore(store.subscribe, snapshot);
}

/** Equal when every entry of two flat arrays or objects is the same. */
export function shallowEqual<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}
