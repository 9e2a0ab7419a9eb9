import { apply } from "@/store/apply";
import type { StoreEvent } from "@/store/events";
import { emptyState, type State } from "@/store/state";

/** Holds the state and tells its listeners when `apply` has made another. */
export class Store {
  private state: State = emptyState;
  private readonly listeners = new Set<() => void>();

  readonly getState = (): State => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly dispatch = (event: StoreEvent): void => {
    const next = apply(this.state, event);
    if (next === this.state) return;
    this.state = next;
    for (const listener of this.listeners) listener();
  };

  /** Forgets everything, for whoever logs in next. */
  clear(): void {
    this.state = emptyState;
    for (const listener of this.listeners) listener();
  }
}
