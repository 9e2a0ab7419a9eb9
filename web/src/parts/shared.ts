import { useCallback, useEffect, useMemo, useState } from "react";

import { listShared, type SharedKind } from "@/api/shared";
import type { Id, Medium, Message, Page } from "@/api/types";
import { linkParts } from "@/lib/text";
import { useMessenger } from "@/messenger/react";
import { isHidden } from "@/store/log";
import { useStore } from "@/store/react";
import type { ChatLog } from "@/store/state";
import { useNow } from "@/ui/hooks";

const PAGE = 60;
/** What disappears does so within this time. */
const EXPIRY_MS = 10_000;

const KINDS: Record<Exclude<SharedKind, "links">, ReadonlySet<string>> = { media: new Set(["image", "video"]), files: new Set(["file", "audio"]) };

/** The files of a message that can be opened. */
export function readyOf(message: Message): Medium[] {
  return (message.attachments ?? []).filter((medium) => medium.url !== null);
}

/** The addresses in a text, each once. */
export function linksOf(text: string | null): string[] {
  return [...new Set(linkParts(text ?? "").flatMap((part) => part.href ?? []))];
}

/** Whether a message stands in a list; as the server has it. */
function isOf(kind: SharedKind, message: Message): boolean {
  if (message.deleted_at) return false;
  return kind === "links" ? linksOf(message.text).length > 0 : KINDS[kind].has(message.kind) && readyOf(message).length > 0;
}

interface Read {
  rows: readonly Message[];
  next: string | null;
}

export interface Shared {
  /** The newest first; null while nothing is known. */
  messages: readonly Message[] | null;
  error: unknown;
  isReading: boolean;
  /** Reads the next page, or again what could not be read; null where there is nothing more. */
  more: (() => void) | null;
}

/**
 * What was shared in a chat, as far back as one goes. What the store holds of the chat it tells
 * itself, so that all that happens is seen at once; the server is asked for what came before.
 */
export function useShared(chat: Id, kind: SharedKind, limit = PAGE): Shared {
  const { store } = useMessenger();
  const log = useStore((state) => state.logs[chat]);
  const isOnline = useStore((state) => state.connection === "online");
  const now = useNow(EXPIRY_MS);
  const [read, setRead] = useState<Read | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReading, setReading] = useState(true);

  const ask = useCallback(
    (cursor: string | null, take: (before: Read | null, page: Page<Message>) => Read): (() => void) => {
      let isOn = true;
      listShared(chat, kind, cursor, limit).then(
        (page) => {
          store.dispatch({ event: "local:users", data: { users: page.users } });
          if (!isOn) return;
          setRead((before) => take(before, page));
          setError(null);
          setReading(false);
        },
        (failure: unknown) => {
          if (!isOn) return;
          setError(failure);
          setReading(false);
        },
      );
      return () => {
        isOn = false;
      };
    },
    [chat, kind, limit, store],
  );

  // Again when the connection is back: so much may have come that the store has let go of the rest.
  useEffect(() => ask(null, joined), [ask, isOnline]);

  const next = read?.next ?? null;
  const isMore = read === null ? error !== null : next !== null;
  const more = useMemo(
    () =>
      isMore
        ? () => {
            setReading(true);
            setError(null);
            ask(next, (before, page) => ({ rows: [...(before?.rows ?? []), ...page.results], next: page.next }));
          }
        : null,
    [ask, isMore, next],
  );

  const messages = useMemo(() => {
    const held = log ? log.messages.filter((message) => isOf(kind, message)).reverse() : [];
    if (!read) return held.length > 0 ? held : null;
    return [...held, ...before(log, read.rows).filter((message) => isOf(kind, message))].filter((message) => !message.expires_at || Date.parse(message.expires_at) > now);
  }, [log, read, kind, now]);

  return { messages, error, isReading, more };
}

/** What was read before what the store holds, as it is now. */
function before(log: ChatLog | undefined, rows: readonly Message[]): Message[] {
  if (!log) return [...rows];
  return rows.filter((row) => row.seq < log.from && !isHidden(log, row.seq)).map((row) => log.strays[row.seq] ?? row);
}

/** A first page read again, in front of what was read further back, where they touch. */
function joined(read: Read | null, page: Page<Message>): Read {
  const last = page.results.at(-1)?.seq ?? 0;
  const older = read?.rows.filter((row) => row.seq < last) ?? [];
  const doTouch = page.next !== null && older.length > 0 && older.length < (read?.rows.length ?? 0);
  return doTouch ? { rows: [...page.results, ...older], next: read?.next ?? null } : { rows: page.results, next: page.next };
}
