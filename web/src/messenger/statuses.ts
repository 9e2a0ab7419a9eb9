import { ApiError } from "@/api/http";
import * as api from "@/api/statuses";
import type { Id, Medium, Message } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { upload } from "@/media/upload";
import type { SocketClient } from "@/socket/client";
import type { Store } from "@/store/store";

/** What is to be shown: a text on a colour, or a file with words below. */
export interface StatusDraft {
  text: string;
  background?: string;
  file?: File;
  audience: api.StatusAudience;
}

/** The file is neither a picture nor a film to the server. */
export class NotShowable extends Error {}

/** Shows, looks at, answers and takes down statuses. */
export class StatusDesk {
  constructor(
    private readonly store: Store,
    private readonly socket: SocketClient,
  ) {}

  /** Reads all there is, as nothing tells what was missed; and tells what was looked at without a network. */
  async read(): Promise<void> {
    const { rows } = this.store.getState().statuses;
    try {
      const { enabled } = await api.getStatusSettings();
      if (!enabled) {
        this.store.dispatch({ event: "local:statuses-mode", data: { mode: "off" } });
        return;
      }
      const { results, users } = await api.listStatuses();
      this.store.dispatch({ event: "local:statuses", data: { rows: results, asked: Object.keys(rows), users } });
      for (const row of results) if (!row.viewed && this.store.getState().statuses.rows[row.id]?.viewed) this.tellViewed(row.id);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.store.dispatch({ event: "local:statuses-mode", data: { mode: "none" } });
      // Else the next connection asks again.
    }
  }

  /** I look at one. */
  view(id: Id): void {
    const status = this.store.getState().statuses.rows[id];
    if (!status || status.viewed) return;
    this.store.dispatch({ event: "local:status-viewed", data: { id } });
    this.tellViewed(id);
  }

  private tellViewed(id: Id): void {
    // What was not heard is told when the list is read the next time.
    this.socket.request("status:view", { status: id }).catch(() => undefined);
  }

  /**
   * Shows something; a repeat under the same name shows it once. Rejects with what `upload` rejects
   * with, ApiError, or NotShowable.
   */
  async post(draft: StatusDraft, clientId: string, medium: Medium | null): Promise<void> {
    if (medium && medium.kind !== "image" && medium.kind !== "video") throw new NotShowable();
    const status = await api.postStatus({
      kind: medium ? (medium.kind as "image" | "video") : "text",
      text: draft.text,
      client_id: clientId,
      ...(medium ? { media: medium.id } : {}),
      ...(draft.background && !medium ? { background: draft.background } : {}),
      ...(draft.audience ? { audience: draft.audience } : {}),
    });
    this.store.dispatch({ event: "local:status", data: { status } });
  }

  /** Uploads what a status shall show; once it is there, it need not be sent again. */
  upload(file: File, onProgress: (part: number) => void, signal: AbortSignal): Promise<Medium> {
    return upload(file, { name: file.name, onProgress, signal });
  }

  async remove(id: Id): Promise<void> {
    await api.deleteStatus(id);
    this.store.dispatch({ event: "status:deleted", data: { status: id } });
  }

  /** Answers one in the direct chat with its owner. */
  reply(id: Id, text: string): Promise<Message> {
    return api.replyToStatus(id, text, newClientId());
  }

  /** Reads who has looked at one of mine. */
  async readViews(id: Id): Promise<void> {
    const { results, next, users } = await api.listViews(id);
    this.store.dispatch({ event: "local:status-views", data: { id, views: results, isComplete: next === null, users } });
  }

  /** Switches statuses on, or off: then mine are taken down. */
  async setEnabled(isEnabled: boolean): Promise<void> {
    const { enabled } = await api.setStatusSettings(isEnabled);
    if (enabled) await this.read();
    else this.store.dispatch({ event: "local:statuses-mode", data: { mode: "off" } });
  }
}
