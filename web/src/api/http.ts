/**
 * The one door to the HTTP API: JSON in and out, errors as ApiError, the access token in memory
 * only, and a refresh by the HttpOnly cookie that all callers share.
 */

/** What the server refused: its stable code, a sentence for people, and what to wait for. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string[]> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** The server could not be reached, or answered nothing that can be read. */
export class NetworkError extends Error {}

/** There is no session any more: the person has to log in. */
export class SignedOut extends Error {}

const BASE = "/api/v1/";
/** A token is renewed this long before it ends, so that no request travels with a dying one. */
const EARLY_MS = 60_000;

let access: { token: string; expiresAt: number } | null = null;
let refreshing: Promise<string> | null = null;
let signedOut: () => void = () => undefined;

/** Calls `listener` when the server says that this device is no longer logged in. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** Takes over an access token; its life is counted from now, so a wrong local clock does not matter. */
export function setAccess(token: string): void {
  access = { token, expiresAt: Date.now() + lifetimeMs(token) };
}

/** Forgets the access token. */
export function clearAccess(): void {
  access = null;
}

/** When the present access token ends, in local milliseconds; null without one. */
export function accessExpiresAt(): number | null {
  return access?.expiresAt ?? null;
}

/**
 * An access token that is good for a while yet. Throws SignedOut or NetworkError.
 * `force` renews it even when the present one has not run out.
 */
export async function freshAccess(force = false): Promise<string> {
  if (!force && access && access.expiresAt - Date.now() > EARLY_MS) return access.token;
  refreshing ??= refresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function refresh(): Promise<string> {
  try {
    const answer = await call<{ access: string }>("POST", "auth/token/refresh/", { cookie: true }, null);
    setAccess(answer.access);
    return answer.access;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) {
      access = null;
      signedOut();
      throw new SignedOut(error.message);
    }
    if (error instanceof ApiError) throw new NetworkError(error.message);
    throw error;
  }
}

/** Calls the API as the person logged in, renewing the token once when the server refuses it. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const token = await freshAccess();
  try {
    return await call<T>(method, path, body, token);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return call<T>(method, path, body, await freshAccess(true));
  }
}

/** A form that brings a picture. */
export function formOf(picture: Blob): FormData {
  const form = new FormData();
  form.append("file", picture, "photo.jpg");
  return form;
}

/** Calls the API as nobody: log in and what is open to all. */
export function requestOpen<T>(method: string, path: string, body?: unknown): Promise<T> {
  return call<T>(method, path, body, null);
}

async function call<T>(method: string, path: string, body: unknown, token: string | null): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  // A form says itself what it is.
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  if (token) headers["Authorization"] = `Bearer ${token}`;
  let response: Response;
  let answer: unknown = null;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
      credentials: "same-origin",
    });
    const text = await response.text();
    if (text) answer = JSON.parse(text);
  } catch (error) {
    throw new NetworkError(error instanceof Error ? error.message : "network");
  }
  if (response.ok) return answer as T;
  throw toApiError({ status: response.status, statusText: response.statusText, retryAfter: response.headers.get("Retry-After") }, answer);
}

/** The refusal that an answer stands for. */
export function toApiError(response: { status: number; statusText: string; retryAfter: string | null | undefined }, answer: unknown): ApiError {
  const inner = (answer as { error?: Record<string, unknown> } | null)?.error ?? {};
  const header = Number(response.retryAfter);
  const retryAfter = typeof inner["retry_after"] === "number" ? inner["retry_after"] : header || null;
  return new ApiError(
    response.status,
    typeof inner["code"] === "string" ? inner["code"] : `http_${response.status}`,
    typeof inner["message"] === "string" ? inner["message"] : response.statusText,
    (inner["fields"] as Record<string, string[]> | undefined) ?? {},
    retryAfter,
  );
}

/** Reads `exp - iat` of a JWT, in milliseconds; ten minutes where it cannot be read. */
function lifetimeMs(token: string): number {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as { exp?: number; iat?: number };
    if (claims.exp && claims.iat) return (claims.exp - claims.iat) * 1000;
    if (claims.exp) return claims.exp * 1000 - Date.now();
  } catch {
    // An opaque token: the contract's default life holds.
  }
  return 600_000;
}
