import { request } from "@/api/http";
import type { Id, Time } from "@/api/types";

/** An archive of all that I have on the server. */
export interface Export {
  id: Id;
  state: "waiting" | "running" | "ready" | "failed";
  /** 0 to 1. */
  progress: number;
  created_at: Time;
  expires_at: Time | null;
  /** Bytes. */
  size: number | null;
  url: string | null;
  reason: string | null;
  /** Why it failed, for people. */
  message: string | null;
}

/** The newest one; rejects with 404 where there is none. */
export function getExport(): Promise<Export> {
  return request("GET", "users/me/export/");
}

export function startExport(): Promise<Export> {
  return request("POST", "users/me/export/");
}
