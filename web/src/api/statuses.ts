import { request } from "@/api/http";
import { everyPage } from "@/api/pages";
import type { Id, Medium, Message, Page, Time, Users } from "@/api/types";

export type StatusKind = "text" | "image" | "video";

/** A status as pushes carry it: the same for all who may see it. */
export interface SharedStatus {
  id: Id;
  user: Id;
  kind: StatusKind;
  /** Of a picture or film: what stands below it. */
  text: string | null;
  media: Medium | null;
  background: string | null;
  created_at: Time;
  expires_at: Time;
}

/** As I see it. */
export interface Status extends SharedStatus {
  viewed: boolean;
  /** How many have looked, as far as they tell; null on others'. */
  views_count: number | null;
}

export interface StatusView {
  user: Id;
  at: Time;
}

/** Who shall see it: all contacts, only these, or all but these. */
export type StatusAudience = { only: Id[] } | { except: Id[] } | null;

export interface NewStatus {
  kind: StatusKind;
  text: string;
  media?: Id;
  background?: string;
  audience?: NonNullable<StatusAudience>;
  client_id: string;
}

function path(status: Id, act = ""): string {
  return `statuses/${encodeURIComponent(status)}/${act}`;
}

/** My own and those that are shown to me. */
export function listStatuses(): Promise<{ results: Status[]; users: Users }> {
  return everyPage("statuses/");
}

export function postStatus(status: NewStatus): Promise<Status> {
  return request("POST", "statuses/", status);
}

export function deleteStatus(status: Id): Promise<unknown> {
  return request("DELETE", path(status));
}

/** Who has looked at one of mine, the latest first. */
export function listViews(status: Id): Promise<Page<StatusView>> {
  return request("GET", `${path(status, "views/")}?limit=100`);
}

/** Writes to its owner, in the direct chat. */
export function replyToStatus(status: Id, text: string, clientId: string): Promise<Message> {
  return request("POST", path(status, "reply/"), { text, client_id: clientId });
}

/** Whether I want statuses at all; a 404 where the server has none. */
export function getStatusSettings(): Promise<{ enabled: boolean }> {
  return request("GET", "statuses/settings/");
}

export function setStatusSettings(enabled: boolean): Promise<{ enabled: boolean }> {
  return request("PATCH", "statuses/settings/", { enabled });
}
