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

/** Logs in with the code; the refresh token stays in an HttpOnly cookie. */
export async function verifyCode(identifier: string, code: string): Promise<LoggedIn> {
  const device = { name: deviceName(), platform: "web" };
  const answer = await requestOpen<LoggedIn>("POST", "auth/otp/verify/", { identifier, code, device, cookie: true });
  setAccess(answer.access);
  return answer;
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
