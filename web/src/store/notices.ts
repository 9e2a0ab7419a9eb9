/** What happened to me and is no message, and the number on the icon. */

import type { Notice } from "@/api/notifications";
import type { Id, Time } from "@/api/types";
import type { Notices, State } from "@/store/state";

/** The newest of them as the server has them, asked for at a position of the personal log. */
export function setNotices(state: State, rows: readonly Notice[], next: string | null, asked: number | undefined): State {
  // What was told meanwhile, the answer may not know yet: it is asked for again.
  if (asked !== state.place?.position) return state;
  return { ...state, notices: { rows, next } };
}

/** An older page. */
export function addNotices(state: State, rows: readonly Notice[], next: string | null): State {
  return change(state, (held) => {
    const known = new Set(held.rows.map((row) => row.id));
    return { rows: [...held.rows, ...rows.filter((row) => !known.has(row.id))], next };
  });
}

export function putNotice(state: State, notice: Notice): State {
  // The answer that was asked for last may have known it already, and what has become of it.
  return change(state, (held) => (held.rows.some((row) => row.id === notice.id) ? held : { ...held, rows: [notice, ...held.rows] }));
}

export function markNoticesRead(state: State, ids: readonly Id[], at: Time): State {
  return change(state, (held) => ({
    ...held,
    rows: held.rows.map((row) => (row.read_at === null && ids.includes(row.id) ? { ...row, read_at: at } : row)),
  }));
}

export function dropNotice(state: State, id: Id): State {
  return change(state, (held) => ({ ...held, rows: held.rows.filter((row) => row.id !== id) }));
}

/** A person is gone, and so is what they did. */
export function dropNoticesBy(state: State, user: Id): State {
  return change(state, (held) => ({ ...held, rows: held.rows.filter((row) => row.by !== user) }));
}

function change(state: State, make: (held: Notices) => Notices): State {
  return state.notices ? { ...state, notices: make(state.notices) } : state;
}
