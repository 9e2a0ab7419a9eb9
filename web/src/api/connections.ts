import { request } from "@/api/http";
import { everyPage } from "@/api/pages";
import type { ConnectionRequest, Contact, Id, Page, QrCode, Users } from "@/api/types";

export interface Requests {
  incoming: ConnectionRequest[];
  outgoing: ConnectionRequest[];
  users: Users;
}

/** Makes a new QR code of mine; the one before it stops working. */
export function makeQr(): Promise<QrCode> {
  return request("POST", "connections/qr/");
}

/** Asks the owner of a QR code to connect. */
export function scan(token: string): Promise<ConnectionRequest & { users?: Users }> {
  return request("POST", "connections/scan/", { token });
}

export function listRequests(): Promise<Requests> {
  return request("GET", "connections/requests/");
}

export function acceptRequest(id: Id): Promise<ConnectionRequest> {
  return request("POST", `connections/requests/${encodeURIComponent(id)}/accept/`);
}

export function rejectRequest(id: Id): Promise<ConnectionRequest> {
  return request("POST", `connections/requests/${encodeURIComponent(id)}/reject/`);
}

export function withdrawRequest(id: Id): Promise<void> {
  return request("DELETE", `connections/requests/${encodeURIComponent(id)}/`);
}

export function listContacts(): Promise<{ results: Contact[]; users: Users }> {
  return everyPage("connections/");
}

export function removeContact(user: Id): Promise<void> {
  return request("DELETE", `connections/${encodeURIComponent(user)}/`);
}

export function listBlocks(): Promise<Page<{ user: Id }>> {
  return request("GET", "connections/blocks/?limit=100");
}

export function block(user: Id): Promise<unknown> {
  return request("POST", "connections/blocks/", { user });
}

export function unblock(user: Id): Promise<void> {
  return request("DELETE", `connections/blocks/${encodeURIComponent(user)}/`);
}
