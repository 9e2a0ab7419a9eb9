/** The content of a message by its kind, read with care: a newer server may send what is not known here. */

import type { CallMedia, CallReason } from "@/api/calls";
import type { Id, Message, Time } from "@/api/types";

export interface Votes {
  count: number;
  /** The first five. */
  users: Id[];
  mine?: boolean;
}

export interface Poll {
  question: string;
  options: string[];
  multiple: boolean;
  closes_at: Time | null;
  votes: Votes[];
}

export interface Place {
  lat: number;
  lon: number;
  name: string | null;
}

/** One of the sender's connections, or a name with numbers. */
export interface ContactCard {
  user: Id | null;
  name: string | null;
  phones: string[];
}

/** What a system message tells. */
export interface Change {
  action: string;
  by: Id | null;
  users: Id[];
  [more: string]: unknown;
}

type Content = Record<string, unknown>;

function contentOf(message: Message, kind: string): Content | null {
  return message.kind === kind && message.content && !message.deleted_at ? message.content : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

export function pollOf(message: Message): Poll | null {
  const content = contentOf(message, "poll");
  const options = texts(content?.["options"]);
  if (!content || options.length === 0) return null;
  const votes = Array.isArray(content["votes"]) ? (content["votes"] as Votes[]) : [];
  return {
    question: text(content["question"]) ?? "",
    options,
    multiple: content["multiple"] === true,
    closes_at: text(content["closes_at"]),
    votes: options.map((_, index) => votes[index] ?? { count: 0, users: [] }),
  };
}

export function placeOf(message: Message): Place | null {
  const content = contentOf(message, "location");
  const { lat, lon } = content ?? {};
  if (typeof lat !== "number" || typeof lon !== "number") return null;
  return { lat, lon, name: text(content?.["name"]) };
}

export function contactOf(message: Message): ContactCard | null {
  const content = contentOf(message, "contact");
  if (!content) return null;
  return { user: text(content["user"]), name: text(content["name"]), phones: texts(content["phones"]) };
}

export function changeOf(message: Message): Change | null {
  const content = contentOf(message, "system");
  const action = text(content?.["action"]);
  if (!content || !action) return null;
  return { ...content, action, by: text(content["by"]), users: texts(content["users"]) };
}

/** A call that is over. */
export interface PastCall {
  media: CallMedia;
  reason: CallReason;
  /** Seconds. */
  duration: number;
}

export function callOf(message: Message): PastCall | null {
  const content = contentOf(message, "call");
  if (!content) return null;
  const { duration, media, reason } = content;
  return {
    media: media === "video" ? "video" : "audio",
    reason: (text(reason) as CallReason | null) ?? "completed",
    duration: typeof duration === "number" ? duration : 0,
  };
}
