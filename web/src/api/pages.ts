import { request } from "@/api/http";
import type { Page, Users } from "@/api/types";

/** Reads a list to its end. For lists that a person can take in whole: chats and contacts. */
export async function everyPage<T>(path: string): Promise<{ results: T[]; users: Users }> {
  const all: { results: T[]; users: Users } = { results: [], users: {} };
  let cursor: string | null = null;
  do {
    const query: string = cursor ? `limit=100&cursor=${encodeURIComponent(cursor)}` : "limit=100";
    const page: Page<T> = await request("GET", path + (path.includes("?") ? "&" : "?") + query);
    all.results.push(...page.results);
    Object.assign(all.users, page.users);
    cursor = page.next;
  } while (cursor);
  return all;
}
