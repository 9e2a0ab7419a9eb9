import * as notificationsApi from "@/api/notifications";
import type { Tabs } from "@/lib/tabs";
import type { Store } from "@/store/store";

/** What happened to me: the list, and warnings. Rejects with ApiError or NetworkError. */
export class Notices {
  constructor(
    private readonly store: Store,
    private readonly tabs: Tabs,
  ) {}

  /** All that there are were looked at. */
  async read(): Promise<void> {
    const newest = this.store.getState().notices?.rows[0];
    if (!newest) return;
    this.store.dispatch({ event: "badge", data: await notificationsApi.readNotices(newest.id) });
  }

  async more(): Promise<void> {
    const cursor = this.store.getState().notices?.next;
    if (!cursor) return;
    const { results: rows, next, users } = await notificationsApi.listNotices(cursor);
    this.store.dispatch({ event: "local:notices", data: { rows, next, users } });
  }

  /** The warning was shown: not again, in no tab. */
  readonly warned = (): void => {
    this.store.dispatch({ event: "local:warned", data: {} });
    this.tabs.tell("warned");
  };
}
