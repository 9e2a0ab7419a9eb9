import { reschedule, schedule } from "@/api/messages";
import type { Id } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { groupsOf, type Outgoing } from "@/media/outgoing";
import { upload, UploadStopped, wantedKind } from "@/media/upload";
import { mentionsIn } from "@/store/mentions";
import type { Store } from "@/store/store";

/** What goes in several messages keeps its order: they are sent so much apart. */
const APART_MS = 1_000;

interface Letter {
  clientId: string;
  text: string;
  files: readonly Outgoing[];
}

/**
 * Something to be sent at a later time, by the server alone: its files are brought now. Each file and
 * each message is there once, however often it is tried.
 */
export class Later {
  private readonly letters: readonly Letter[];
  private readonly media = new Map<string, Id>();

  /** Files go in the messages that they would go in now; the words, and what they answer, with the first. */
  constructor(
    private readonly store: Store,
    private readonly chat: Id,
    text: string,
    files: readonly Outgoing[],
  ) {
    const groups = files.length > 0 ? groupsOf(files) : [[]];
    this.letters = groups.map((group, index) => ({ clientId: newClientId(), text: index === 0 ? text : "", files: group }));
  }

  /**
   * Has the server keep it until then. `tell`: how much of the files is there, 0 to 1. Rejects with
   * ApiError, NetworkError, or UploadStopped by the signal; then it can be tried again.
   */
  async send(at: Date, tell: (part: number) => void, signal: AbortSignal): Promise<void> {
    await this.bring(tell, signal);
    const state = this.store.getState();
    const composing = state.composing[this.chat];
    for (const [index, { clientId, text, files }] of this.letters.entries()) {
      if (signal.aborted) throw new UploadStopped();
      const send_at = new Date(at.getTime() + index * APART_MS).toISOString();
      const kept = await schedule(this.chat, {
        client_id: clientId,
        text,
        send_at,
        ...(index === 0 && composing?.kind === "reply" ? { reply_to: composing.seq } : {}),
        mentions: mentionsIn(state, this.chat, text),
        attachments: files.map(({ key }) => this.media.get(key) ?? ""),
      });
      // It was there from an earlier try, for the time of that one; what was sent by now has none.
      if (kept.send_at && Date.parse(kept.send_at) !== Date.parse(send_at)) await reschedule(this.chat, kept.id, send_at);
    }
  }

  private async bring(tell: (part: number) => void, signal: AbortSignal): Promise<void> {
    const files = this.letters.flatMap((letter) => letter.files);
    const all = files.reduce((sum, { size }) => sum + size, 0);
    let there = 0;
    for (const file of files) {
      if (!this.media.has(file.key)) {
        const before = there;
        const onProgress = (part: number): void => tell((before + part * file.size) / all);
        const { id } = await upload(file.blob, { name: file.name, kind: wantedKind(file), onProgress, signal });
        this.media.set(file.key, id);
      }
      there += file.size;
    }
  }
}
