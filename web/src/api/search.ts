import { request } from "@/api/http";
import type { Id, Message, Page, Time } from "@/api/types";

export interface Query {
  q: string;
  chat?: Id | undefined;
  from?: Id | undefined;
  kind?: string | undefined;
  before?: Time | undefined;
  after?: Time | undefined;
}

export interface Hit {
  message: Message;
  chat: Id;
  /** Where in the text, as start and length in characters. */
  highlights: [number, number][];
}

/** Messages of all my chats, newest first. */
export function search(query: Query, cursor: string | null = null): Promise<Page<Hit>> {
  const params = new URLSearchParams({ limit: "30" });
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, String(value));
  if (cursor) params.set("cursor", cursor);
  return request("GET", `search/?${params.toString()}`);
}
