import { formOf, request } from "@/api/http";
import { everyPage } from "@/api/pages";
import type { Chat, Id, Invite, JoinRequest, Member, Page, Permissions, Role, Users } from "@/api/types";

function path(chat: Id, rest = ""): string {
  return `chats/${encodeURIComponent(chat)}/${rest}`;
}

/** Makes a group of me and some contacts; under a name, so that a repeat makes no second one. */
export function createGroup(name: string, members: Id[], clientId: string): Promise<Chat & { users?: Users }> {
  return request("POST", "chats/", { kind: "group", name, members, client_id: clientId });
}

/** What all members share. */
export interface Shared {
  name?: string;
  description?: string;
  permissions?: Partial<Permissions>;
  disappear_after?: number | null;
}

export function changeChat(chat: Id, changes: Shared): Promise<Chat & { users?: Users }> {
  return request("PATCH", path(chat), changes);
}

export function listMembers(chat: Id): Promise<{ results: Member[]; users: Users }> {
  return everyPage(path(chat, "participants/"));
}

export function addMembers(chat: Id, users: Id[]): Promise<unknown> {
  return request("POST", path(chat, "participants/"), { users });
}

export function setRole(chat: Id, user: Id, role: Role): Promise<unknown> {
  return request("PATCH", path(chat, `participants/${encodeURIComponent(user)}/`), { role });
}

/** Takes someone out of a group; with my own id I leave it. */
export function removeMember(chat: Id, user: Id): Promise<void> {
  return request("DELETE", path(chat, `participants/${encodeURIComponent(user)}/`));
}

export interface NewInvite {
  expires_in?: number;
  max_uses?: number;
  approval: boolean;
}

/** Gives a group a picture; its path opens a moment later. */
export function setAvatar(chat: Id, picture: Blob): Promise<Chat> {
  return request("POST", path(chat, "avatar/"), formOf(picture));
}

export function dropAvatar(chat: Id): Promise<void> {
  return request("DELETE", path(chat, "avatar/"));
}

export function listInvites(chat: Id): Promise<Page<Invite>> {
  return request("GET", path(chat, "invites/?limit=100"));
}

export function createInvite(chat: Id, invite: NewInvite): Promise<Invite> {
  return request("POST", path(chat, "invites/"), invite);
}

export function revokeInvite(chat: Id, invite: Id): Promise<void> {
  return request("DELETE", path(chat, `invites/${encodeURIComponent(invite)}/`));
}

/** The chat, or that an admin has to agree. */
export function join(token: string): Promise<(Chat & { users?: Users }) | { status: "pending" }> {
  return request("POST", "chats/join/", { token });
}

export function listJoinRequests(chat: Id): Promise<Page<JoinRequest>> {
  return request("GET", path(chat, "join-requests/?limit=100"));
}

export function answerJoinRequest(chat: Id, id: Id, answer: "approve" | "reject"): Promise<unknown> {
  return request("POST", path(chat, `join-requests/${encodeURIComponent(id)}/${answer}/`));
}
