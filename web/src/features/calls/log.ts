import { useCallback, useEffect, useRef, useState } from "react";

import { listCalls, type Call } from "@/api/calls";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import type { State } from "@/store/state";

interface Log {
  rows: readonly Call[] | null;
  hasFailed: boolean;
  hasMore: boolean;
  isLoading: boolean;
  /** The next page; the first again where that failed. */
  loadMore: () => void;
}

/** Calls that end while one looks change it. */
function endedIds(state: State): string {
  return Object.values(state.calls)
    .filter((call) => call.state === "ended")
    .map((call) => call.id)
    .join(" ");
}

/** The log of calls, the newest first; read anew when a call ends or the connection is back. */
export function useCallLog(): Log {
  const { store } = useMessenger();
  const [rows, setRows] = useState<readonly Call[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(false);
  const ended = useStore(endedIds);
  const isOnline = useStore((state) => state.connection === "online");
  /** Only the last question's answer counts. */
  const asked = useRef(0);

  const read = useCallback(
    (from: string | null) => {
      const question = ++asked.current;
      listCalls(from)
        .then(
          (page) => {
            if (question !== asked.current) return;
            store.dispatch({ event: "local:users", data: { users: page.users } });
            const over = page.results.filter((call) => call.state === "ended");
            setRows((before) => (from === null ? over : [...(before ?? []), ...over]));
            setCursor(page.next);
            setError(null);
          },
          (failure: unknown) => {
            if (question === asked.current) setError(failure);
          },
        )
        .finally(() => {
          if (question === asked.current) setLoading(false);
        });
    },
    [store],
  );
  useEffect(() => {
    if (isOnline) read(null);
  }, [read, ended, isOnline]);

  const loadMore = (): void => {
    setLoading(true);
    read(error ? null : cursor);
  };
  return { rows, hasFailed: error !== null, hasMore: cursor !== null, isLoading, loadMore };
}
