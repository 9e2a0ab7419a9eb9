import { formOf, request } from "@/api/http";
import type { Id, Privacy, Profile, User } from "@/api/types";

export function getMe(): Promise<Profile> {
  return request("GET", "users/me/");
}

export function updateMe(changes: Partial<Pick<Profile, "name" | "about" | "username">>): Promise<Profile> {
  return request("PATCH", "users/me/", changes);
}

/** Gives me a picture; its path opens a moment later. */
export function setAvatar(picture: Blob): Promise<Profile> {
  return request("POST", "users/me/avatar/", formOf(picture));
}

export function dropAvatar(): Promise<void> {
  return request("DELETE", "users/me/avatar/");
}

/** Erases the account for good. */
export function eraseMe(): Promise<void> {
  return request("DELETE", "users/me/");
}

export function updatePrivacy(changes: Partial<Privacy>): Promise<Privacy> {
  return request("PATCH", "users/me/privacy/", changes);
}

export function getUser(id: Id): Promise<User> {
  return request("GET", `users/${encodeURIComponent(id)}/`);
}

export function getPresence(users: Id[]): Promise<{ user: Id; online: boolean | null; last_seen: string | null }[]> {
  return request("GET", `presence/?${users.map((id) => `user=${encodeURIComponent(id)}`).join("&")}`);
}
