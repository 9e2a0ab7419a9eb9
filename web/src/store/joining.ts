/** Who waits to be let into groups that I run. */

import type { Id, JoinRequest } from "@/api/types";
import type { State } from "@/store/state";

const NOBODY: readonly JoinRequest[] = [];

/** All that wait for one group, as the server has them now. */
export function setJoinRequests(state: State, chat: Id, rows: readonly JoinRequest[]): State {
  return { ...state, joinRequests: { ...state.joinRequests, [chat]: rows } };
}

/** One in its new state: it stands here while it waits. */
export function putJoinRequest(state: State, request: JoinRequest): State {
  const held = state.joinRequests[request.chat] ?? NOBODY;
  const others = held.filter((one) => one.id !== request.id);
  const isMine = request.user === state.me?.id;
  return setJoinRequests(state, request.chat, request.status === "pending" && !isMine ? [request, ...others] : others);
}
