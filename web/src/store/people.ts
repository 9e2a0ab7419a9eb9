/** Contacts, requests and presence. */

import type { Requests } from "@/api/connections";
import type { ConnectionRequest, Contact, Id, Profile, User, Users } from "@/api/types";
import { without, type Presence, type State } from "@/store/state";

/**
 * Takes over what an answer says of people; the same object where it says nothing new. `asked`: the
 * position of the personal log when it was asked for; what was told after it is newer.
 */
export function mergeUsers(state: State, users: Users | undefined, asked = Infinity): State {
  if (!users) return state;
  let merged: Users | null = null;
  for (const [id, user] of Object.entries(users)) {
    const held = state.users[id];
    if (held && (sameUser(held, user) || (state.renamed[id] ?? 0) > asked)) continue;
    merged ??= { ...state.users };
    merged[id] = { ...held, ...user };
  }
  return merged ? { ...state, users: merged, strangers: stillUnknown(state.strangers, merged) } : state;
}

/** Somebody has another name or picture, perhaps I myself on another device. */
export function renameUser(state: State, data: { user: Id; users?: Users | undefined; position?: number | undefined }): State {
  const renamed = { ...state.renamed, [data.user]: data.position ?? 0 };
  const next = mergeUsers({ ...state, renamed }, data.users);
  if (!state.me || state.me.id !== data.user) return next;
  const told = data.users?.[data.user];
  // Another object all the same: what was asked for before is old.
  if (!told) return { ...next, meStale: true, me: { ...state.me } };
  // None may be one that is hidden from others, or gone: only my profile says which.
  const avatar_url = told.avatar_url ?? state.me.avatar_url;
  return { ...next, meStale: true, me: { ...state.me, username: told.username, name: told.name, avatar_url } };
}

/**
 * My profile as an answer has it. `held`: what was held of it when it was asked for; another one that
 * is held by now is newer. Not given for what I have just changed.
 */
export function takeMe(state: State, me: Profile, held?: Profile | null): State {
  if (held === undefined) return mergeUsers({ ...state, me }, { [me.id]: me });
  if (state.me !== held) return state;
  return mergeUsers({ ...state, me, meStale: false }, { [me.id]: me });
}

function stillUnknown(strangers: State["strangers"], users: Users): State["strangers"] {
  const left = Object.keys(strangers).filter((id) => !(id in users));
  if (left.length === Object.keys(strangers).length) return strangers;
  return Object.fromEntries(left.map((id) => [id, true] as const));
}

function sameUser(a: User, b: User): boolean {
  return (Object.keys(b) as (keyof User)[]).every((key) => a[key] === b[key]);
}

/** The whole contact list, as the server has it now. */
export function setContacts(state: State, results: Contact[]): State {
  const contacts: Record<Id, { user: Id; since: string }> = {};
  const presence: Record<Id, Presence> = { ...state.presence };
  const users: Users = {};
  for (const row of results) {
    contacts[row.user.id] = { user: row.user.id, since: row.since };
    presence[row.user.id] = { online: row.online, lastSeen: row.last_seen };
    users[row.user.id] = row.user;
  }
  return mergeUsers({ ...state, contacts, presence, contactsStale: false }, users);
}

/** The whole request inbox, as the server has it now. */
export function setRequests(state: State, answer: Requests): State {
  const requests: Record<Id, ConnectionRequest> = {};
  for (const request of [...answer.incoming, ...answer.outgoing]) requests[request.id] = request;
  return mergeUsers({ ...state, requests }, answer.users);
}

/** A request in its new state: kept while pending, and a contact once accepted. */
export function setRequest(state: State, request: ConnectionRequest): State {
  const other = request.from === state.me?.id ? request.to : request.from;
  if (request.status === "pending") {
    // An answer that comes after its request was already accepted.
    if (other in state.contacts) return state;
    return { ...state, requests: { ...state.requests, [request.id]: request } };
  }
  const requests = without(state.requests, request.id);
  if (request.status !== "accepted") return { ...state, requests };
  if (other in state.contacts) return { ...state, requests };
  const contacts = { ...state.contacts, [other]: { user: other, since: "" } };
  // Since when, and whether they are online, only the list says.
  return { ...state, requests, contacts, contactsStale: true };
}

/** The connection with someone has ended, by whichever side. */
export function removeContact(state: State, user: Id): State {
  const requests = Object.fromEntries(
    Object.entries(state.requests).filter(([, request]) => request.from !== user && request.to !== user),
  );
  return {
    ...state,
    contacts: without(state.contacts, user),
    presence: without(state.presence, user),
    requests,
  };
}

/** Whether someone is there, and since when not. */
export function setPresence(state: State, user: Id, presence: Presence): State {
  return { ...state, presence: { ...state.presence, [user]: presence } };
}
