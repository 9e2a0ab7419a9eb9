import { vi } from "vitest";

import type { Medium } from "@/api/types";

interface Asked {
  method: string;
  url: string;
  headers: Record<string, string>;
}

/**
 * A server that takes uploads (tus) over XMLHttpRequest, as much at a time as the test allows: `room`
 * bytes, after which the connection is gone.
 */
export class FakeUploads {
  room = Infinity;
  readonly asked: Asked[] = [];
  /** The refusal of the next beginning. */
  refusal: { status: number; code: string } | null = null;
  private readonly uploads = new Map<string, { length: number; offset: number; name: string; isUntouched: boolean }>();

  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const server = this;
    vi.stubGlobal(
      "XMLHttpRequest",
      class {
        status = 0;
        responseText = "";
        withCredentials = false;
        upload: { onprogress: ((event: { lengthComputable: boolean; loaded: number }) => void) | null } = { onprogress: null };
        onload: (() => void) | null = null;
        onerror: ((error: unknown) => void) | null = null;
        private readonly asked: Asked = { method: "", url: "", headers: {} };
        private answer: Record<string, string> = {};
        private isAborted = false;

        open(method: string, url: string): void {
          this.asked.method = method;
          this.asked.url = new URL(url, "http://localhost").pathname;
        }

        setRequestHeader(name: string, value: string): void {
          this.asked.headers[name] = value;
        }

        getResponseHeader(name: string): string | null {
          return this.answer[name] ?? null;
        }

        abort(): void {
          this.isAborted = true;
        }

        send(body: Blob | null): void {
          queueMicrotask(() => {
            if (this.isAborted) return;
            const answer = server.take(this.asked, body?.size ?? 0);
            if (!answer) {
              this.onerror?.(new Error("gone"));
              return;
            }
            this.upload.onprogress?.({ lengthComputable: true, loaded: body?.size ?? 0 });
            this.status = answer.status;
            this.answer = answer.headers;
            this.responseText = answer.body;
            this.onload?.();
          });
        }
      },
    );
  }

  /** The media that were made of finished uploads, by id. */
  mediumOf(id: string): Medium | null {
    const upload = this.uploads.get(id);
    if (!upload || upload.offset < upload.length) return null;
    const kind = upload.isUntouched ? "file" : "image";
    return { id, kind, mime: "image/jpeg", name: upload.name, size: upload.length, width: null, height: null, duration: null, blurhash: null, waveform: null, url: null, thumbnail_url: null, state: upload.isUntouched ? "ready" : "processing" };
  }

  private take(asked: Asked, size: number): { status: number; headers: Record<string, string>; body: string } | null {
    this.asked.push(asked);
    if (asked.method === "POST") {
      if (this.refusal) return { status: this.refusal.status, headers: {}, body: JSON.stringify({ error: { code: this.refusal.code, message: "No." } }) };
      const id = String(100 + this.uploads.size);
      const said = (field: string): string => atob(new RegExp(`${field} ([^,]+)`).exec(asked.headers["Upload-Metadata"] ?? "")?.[1] ?? "");
      this.uploads.set(id, { length: Number(asked.headers["Upload-Length"]), offset: 0, name: said("filename"), isUntouched: said("kind") === "file" });
      const offset = this.write(id, Math.min(size, this.room));
      return { status: 201, headers: { Location: `http://localhost/api/v1/media/uploads/${id}/`, "Upload-Offset": String(offset) }, body: "" };
    }
    const id = asked.url.split("/").at(-2) ?? "";
    const upload = this.uploads.get(id);
    if (!upload) return { status: 404, headers: {}, body: "" };
    if (asked.method === "PATCH") {
      if (this.room === 0) return null;
      this.write(id, size);
    }
    if (asked.method === "DELETE") this.uploads.delete(id);
    return { status: asked.method === "HEAD" ? 200 : 204, headers: { "Upload-Offset": String(upload.offset), "Upload-Length": String(upload.length) }, body: "" };
  }

  private write(id: string, bytes: number): number {
    const upload = this.uploads.get(id);
    if (!upload) return 0;
    upload.offset += bytes;
    this.room -= bytes;
    return upload.offset;
  }
}
