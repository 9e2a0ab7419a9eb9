/** Messages of mine that wait for their time, of the chats in which they were asked for. */

import type { Id, Scheduled } from "@/api/types";
import type { State } from "@/store/state";

export function setScheduled(state: State, chat: Id, rows: readonly Scheduled[]): State {
  const inOrder = [...rows].sort((a, b) => (a.send_at < b.send_at ? -1 : 1));
  return { ...state, scheduled: { ...state.scheduled, [chat]: inOrder } };
}

export function putScheduled(state: State, row: Scheduled): State {
  const held = state.scheduled[row.chat];
  return held ? setScheduled(state, row.chat, [...held.filter((one) => one.id !== row.id), row]) : state;
}

export function dropScheduled(state: State, chat: Id, id: Id): State {
  const held = state.scheduled[chat];
  return held ? setScheduled(state, chat, held.filter((one) => one.id !== id)) : state;
}
