import { request, requestOpen, setAccess } from "@/api/http";
import type { Device, Id, Page, Profile } from "@/api/types";

export interface OtpSent {
  identifier: string;
  channel: "email" | "sms" | "console";
  expires_in: number;
  resend_in: number;
}

interface LoggedIn {
  access: string;
  created: boolean;
  user: Profile;
  device: Device;
}

/** Asks for a login code by mail or SMS. */
export function requestCode(identifier: string): Promise<OtpSent> {
  return requestOpen("POST", "auth/otp/request/", { identifier });
}

/** How somebody proves who they are. */
export type Proof = { code: string } | { password: string };

/** Logs in; the refresh token stays in an HttpOnly cookie. */
export async function logIn(identifier: string, proof: Proof): Promise<LoggedIn> {
  const device = { name: deviceName(), platform: "web" };
  const path = "code" in proof ? "auth/otp/verify/" : "auth/login/";
  const answer = await requestOpen<LoggedIn>("POST", path, { identifier, ...proof, device, cookie: true });
  setAccess(answer.access);
  return answer;
}

/** Sends a code to an address that is to become one's own. */
export function requestOwnCode(identifier: string): Promise<OtpSent> {
  return request("POST", "auth/otp/request/", { identifier });
}

/** Adds an email address or a phone number to one's own account, or puts it in the other's place. */
export async function proveOwn(identifier: string, code: string): Promise<Profile> {
  const answer = await request<LoggedIn>("POST", "auth/otp/verify/", { identifier, code, cookie: true });
  setAccess(answer.access);
  return answer.user;
}

/** Sets a password; `current` is not needed shortly after a login by code. Other devices are logged out. */
export function changePassword(current: string, wanted: string): Promise<Profile> {
  return request("POST", "auth/password/", { new: wanted, ...(current ? { current } : {}) });
}

/** Revokes this device on the server. */
export function logOut(): Promise<void> {
  return request("POST", "auth/logout/", { cookie: true });
}

export function listDevices(): Promise<Page<Device>> {
  return request("GET", "auth/devices/?limit=100");
}

export function revokeDevice(id: Id): Promise<void> {
  return request("DELETE", `auth/devices/${encodeURIComponent(id)}/`);
}

/** A name that people recognise in their list of devices, such as "Firefox on Linux". */
export function deviceName(agent = navigator.userAgent): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrom(e|ium)\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "Browser";
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS/.test(agent) ? "macOS" : "Linux";
  return `${browser} on ${system}`;
}
