import { request } from "@/api/http";
import type { Id, Page, Time, Users } from "@/api/types";

export type CallMedia = "audio" | "video";
export type CallReason = "completed" | "missed" | "declined" | "busy" | "failed" | "cancelled";
export type PartState = "invited" | "ringing" | "joined" | "left" | "rejected" | "missed" | "busy";

/** Somebody in a call; `device` once one of theirs has joined: where signals go. */
export interface Participant {
  user: Id;
  state: PartState;
  device: Id | null;
  joined_at: Time | null;
}

export interface Call {
  id: Id;
  chat: Id;
  caller: Id;
  media: CallMedia;
  state: "ringing" | "active" | "ended";
  reason: CallReason | null;
  participants: Participant[];
  created_at: Time;
  started_at: Time | null;
  ended_at: Time | null;
}

type Answer = Call & { users?: Users };

export interface IceServers {
  ice_servers: RTCIceServer[];
  expires_at: Time;
}

/** Rings everybody else in a chat; a repeat under the same name answers the same call. */
export function startCall(chat: Id, media: CallMedia, clientId: string): Promise<Answer> {
  return request("POST", "calls/", { chat, media, client_id: clientId });
}

export function getCall(call: Id): Promise<Answer> {
  return request("GET", `calls/${encodeURIComponent(call)}/`);
}

/** Hangs up, or does not answer. */
export function endCall(call: Id, reason?: CallReason): Promise<Answer> {
  return request("POST", `calls/${encodeURIComponent(call)}/end/`, reason ? { reason } : {});
}

/** A page of the log, the newest first. */
export function listCalls(cursor: string | null = null, limit = 50): Promise<Page<Call>> {
  return request("GET", `calls/?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
}

export function getIceServers(): Promise<IceServers> {
  return request("GET", "calls/ice-servers/");
}
