/** What people show for a day. It takes no place in a log: the list is read with each connection. */

import type { SharedStatus, Status, StatusView } from "@/api/statuses";
import type { Id } from "@/api/types";
import { without, type State, type Statuses } from "@/store/state";

/** Somebody's statuses, the oldest first. */
export interface StatusRow {
  readonly user: Id;
  readonly statuses: readonly Status[];
  readonly unseen: number;
}

export interface StatusFeed {
  readonly mine: StatusRow | null;
  /** Those who show something I have not seen, the latest first; then the others. */
  readonly recent: readonly StatusRow[];
  readonly viewed: readonly StatusRow[];
}

/**
 * The whole list, as it was when it was asked for: of what was held then, what is not in it is over,
 * and what came or went meanwhile is newer than it.
 */
export function setStatuses(state: State, rows: readonly Status[], asked: readonly Id[]): State {
  const { statuses } = state;
  const over = new Set(asked);
  const newer = Object.values(statuses.rows).filter((status) => !over.has(status.id));
  const listed = rows
    .filter((row) => !(row.id in statuses.gone))
    .map((row): Status => ({ ...row, viewed: row.viewed || statuses.rows[row.id]?.viewed === true }));
  const next = Object.fromEntries([...listed, ...newer].map((status) => [status.id, status]));
  const views = Object.fromEntries(Object.entries(statuses.views).filter(([id]) => id in next));
  return { ...state, statuses: { ...statuses, mode: "on", rows: next, views, gone: {} } };
}

/** A status that is shown, or is shown otherwise: of what only I see, what was known stays. */
export function putStatus(state: State, status: SharedStatus & Partial<Status>): State {
  const { statuses, me } = state;
  if (status.id in statuses.gone) return state;
  const held = statuses.rows[status.id];
  const isMine = status.user === me?.id;
  const viewed = status.viewed || (held?.viewed ?? isMine);
  const views_count = status.views_count ?? held?.views_count ?? (isMine ? 0 : null);
  return { ...state, statuses: { ...statuses, rows: { ...statuses.rows, [status.id]: { ...status, viewed, views_count } } } };
}

/** It was taken down. */
export function dropStatus(state: State, id: Id): State {
  const { statuses } = state;
  return { ...state, statuses: { ...statuses, rows: without(statuses.rows, id), views: without(statuses.views, id), gone: { ...statuses.gone, [id]: true } } };
}

/** I have looked at it. */
export function markViewed(state: State, id: Id): State {
  const held = state.statuses.rows[id];
  if (!held || held.viewed) return state;
  return { ...state, statuses: { ...state.statuses, rows: { ...state.statuses.rows, [id]: { ...held, viewed: true } } } };
}

/** Somebody has looked at one of mine. */
export function addView(state: State, id: Id, view: StatusView): State {
  const held = state.statuses.rows[id];
  const known = state.statuses.views[id] ?? [];
  if (!held || known.some((one) => one.user === view.user)) return state;
  return withViews(state, held, [view, ...known], (held.views_count ?? 0) + 1);
}

/** Who has looked, as far as it was asked for. */
export function setViews(state: State, id: Id, views: readonly StatusView[], isComplete: boolean): State {
  const held = state.statuses.rows[id];
  return held ? withViews(state, held, views, isComplete ? views.length : held.views_count) : state;
}

function withViews(state: State, held: Status, views: readonly StatusView[], views_count: number | null): State {
  const { statuses } = state;
  return { ...state, statuses: { ...statuses, rows: { ...statuses.rows, [held.id]: { ...held, views_count } }, views: { ...statuses.views, [held.id]: views } } };
}

/** Somebody shows me nothing any more. */
export function dropStatusesOf(state: State, user: Id): State {
  const left = Object.entries(state.statuses.rows).filter(([, status]) => status.user !== user);
  return left.length === Object.keys(state.statuses.rows).length ? state : { ...state, statuses: { ...state.statuses, rows: Object.fromEntries(left) } };
}

/** Hides what has run out, to the second. */
export function expireStatuses(state: State, now: number): State {
  const { rows, views } = state.statuses;
  const over = Object.values(rows).filter((status) => Date.parse(status.expires_at) <= now);
  if (over.length === 0) return state;
  const cut = <T>(record: Readonly<Record<Id, T>>): Readonly<Record<Id, T>> => over.reduce((left, { id }) => without(left, id), record);
  return { ...state, statuses: { ...state.statuses, rows: cut(rows), views: cut(views) } };
}

let held: { rows: Statuses["rows"]; me: Id | undefined; feed: StatusFeed } | null = null;

/** All statuses by person; remembered for as long as they stay the same. */
export function statusFeed(state: State): StatusFeed {
  const { rows } = state.statuses;
  const me = state.me?.id;
  if (held?.rows !== rows || held.me !== me) held = { rows, me, feed: feedOf(Object.values(rows), me) };
  return held.feed;
}

function feedOf(statuses: readonly Status[], me: Id | undefined): StatusFeed {
  const byUser = new Map<Id, Status[]>();
  for (const status of statuses) byUser.set(status.user, [...(byUser.get(status.user) ?? []), status]);
  const rows = [...byUser].map(([user, shown]): StatusRow => ({ user, statuses: shown.sort(byTime), unseen: shown.filter((one) => !one.viewed).length }));
  const latest = (row: StatusRow): string => row.statuses.at(-1)?.created_at ?? "";
  const others = rows.filter((row) => row.user !== me).sort((a, b) => (latest(a) < latest(b) ? 1 : -1));
  return {
    mine: rows.find((row) => row.user === me) ?? null,
    recent: others.filter((row) => row.unseen > 0),
    viewed: others.filter((row) => row.unseen === 0),
  };
}

function byTime(a: Status, b: Status): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
