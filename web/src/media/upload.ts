import { ApiError, freshAccess, NetworkError, request, SignedOut, toApiError } from "@/api/http";
import type { Id, Medium, MediumKind } from "@/api/types";

const ENDPOINT = "/api/v1/media/uploads/";
/** A piece that is lost is sent again; each begins with a token that is good for a while. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** What fails in passing is tried again so much later; after that it is the caller's turn. */
const RETRY_MS = [500, 1_500, 4_000];
/** Refusals that pass: somebody else is at it, too fast, or a part of the server is away. */
const PASSING = new Set([401, 408, 409, 423, 429]);

export interface UploadOptions {
  name: string;
  /** A voice note, or what is to stay as it is; all else is told by the bytes. */
  kind?: "voice" | "file" | undefined;
  /** Where an upload that was begun before stands, to go on with it. */
  address?: string | null | undefined;
  /** The upload has an address now: kept, it can be gone on with after a reload. */
  onAddress?: (address: string) => void;
  /** How much has arrived, 0 to 1. */
  onProgress?: (part: number) => void;
  /** Stops it. With the reason "discard" the server forgets what has arrived; else it can be gone on with. */
  signal?: AbortSignal;
}

/** How a file of mine is to be taken. */
export function wantedKind({ kind, isUntouched }: { kind: MediumKind; isUntouched: boolean }): "voice" | "file" | undefined {
  return isUntouched ? "file" : kind === "voice" ? "voice" : undefined;
}

/** The caller has stopped the upload. */
export class UploadStopped extends Error {}

/**
 * Uploads a file in pieces (tus), going on where an earlier try was cut off; answers the medium,
 * which may still be processed. Rejects with ApiError (refused), NetworkError (later again, with the
 * address), SignedOut or UploadStopped.
 */
export async function upload(file: Blob, options: UploadOptions): Promise<Medium> {
  const { signal } = options;
  const { Upload } = await import("tus-js-client").catch((error: unknown) => {
    throw new NetworkError(String(error));
  });
  if (signal?.aborted) throw new UploadStopped();
  const id = await new Promise<Id>((resolve, reject) => {
    const running = new Upload(file, {
      endpoint: ENDPOINT,
      uploadUrl: options.address ?? null,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_MS,
      uploadDataDuringCreation: true,
      storeFingerprintForResuming: false,
      metadata: { filename: options.name, filetype: file.type, ...(options.kind ? { kind: options.kind } : {}) },
      onBeforeRequest: async (asked) => asked.setHeader("Authorization", `Bearer ${await freshAccess()}`),
      onUploadUrlAvailable: () => running.url && options.onAddress?.(running.url),
      onProgress: (sent, total) => options.onProgress?.(total > 0 ? sent / total : 0),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        return navigator.onLine && (status === 0 || status >= 500 || PASSING.has(status));
      },
      onError: (error) => reject(troubleOf(error)),
      onSuccess: () => resolve(idIn(running.url ?? "")),
    });
    signal?.addEventListener(
      "abort",
      () => {
        // What cannot be ended now ends by itself in a day.
        running.abort(signal.reason === "discard").catch(() => undefined);
        reject(new UploadStopped());
      },
      { once: true },
    );
    running.start();
  });
  return getMedium(id);
}

/** A medium of mine, or one that something shows me. */
export function getMedium(id: Id): Promise<Medium> {
  return request("GET", `media/${encodeURIComponent(id)}/`);
}

/** The medium has the id of its upload, which the address ends with. */
function idIn(address: string): Id {
  return decodeURIComponent(address.replace(/\/+$/, "").split("/").at(-1) ?? "");
}

interface Answer {
  getStatus: () => number;
  getHeader: (name: string) => string | undefined;
  getBody: () => string;
}

function troubleOf(error: Error & { originalResponse?: Answer | null; causingError?: Error | null }): Error {
  const answer = error.originalResponse;
  if (answer) {
    let body: unknown = null;
    try {
      body = JSON.parse(answer.getBody());
    } catch {
      // An answer of something in between: the status has to do.
    }
    return toApiError({ status: answer.getStatus(), statusText: error.message, retryAfter: answer.getHeader("Retry-After") }, body);
  }
  // What the token's renewal has said, if it was that.
  const cause = error.causingError ?? error;
  return cause instanceof ApiError || cause instanceof SignedOut ? cause : new NetworkError(error.message);
}
