import { request } from "@/api/http";
import type { Id, Page, Time } from "@/api/types";

/** Something that happened to me and is no message; `data` names what it is about. */
export interface Notice {
  id: Id;
  /** Known: connection_request connection_accepted join_request join_approved join_rejected reaction. */
  kind: string;
  by: Id | null;
  data: Readonly<Record<string, string | number>>;
  created_at: Time;
  read_at: Time | null;
}

/** What I want to be told of, and how. */
export interface Preferences {
  push: boolean;
  preview: boolean;
  mail: boolean;
  reactions: boolean;
  connections: boolean;
  /** Times of the day in `time_zone`, such as "22:00"; both or neither. */
  quiet_from: string | null;
  quiet_to: string | null;
  time_zone: string;
}

export interface Badge {
  unread: number;
}

export function listNotices(cursor?: string): Promise<Page<Notice>> {
  return request("GET", `notifications/?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
}

/** Marks one and all before it as read. */
export function readNotices(upTo: Id): Promise<Badge> {
  return request("POST", "notifications/read/", { up_to: upTo });
}

export function getBadge(): Promise<Badge> {
  return request("GET", "notifications/badge/");
}

export function getPreferences(): Promise<Preferences> {
  return request("GET", "notifications/settings/");
}

export function changePreferences(changes: Partial<Preferences>): Promise<Preferences> {
  return request("PATCH", "notifications/settings/", changes);
}

export function getVapidKey(): Promise<{ key: string }> {
  return request("GET", "notifications/vapid-key/");
}

/** Has this device pushed to. */
export function subscribe(subscription: PushSubscriptionJSON): Promise<void> {
  return request("POST", "notifications/push/", { endpoint: subscription.endpoint, keys: subscription.keys });
}

export function unsubscribe(): Promise<void> {
  return request("DELETE", "notifications/push/", {});
}
