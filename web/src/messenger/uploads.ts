import { ApiError } from "@/api/http";
import type { Id, Medium } from "@/api/types";
import { getMedium, upload, UploadStopped, wantedKind } from "@/media/upload";
import type { Files } from "@/store/files";
import type { Outbox } from "@/store/outbox";
import type { Pending, PendingFile } from "@/store/state";
import type { Store } from "@/store/store";

/** So many files travel at once; more would only be slower, each. */
const AT_ONCE = 3;
/** Progress is told in steps of this size. */
const STEP = 0.02;

/** Brings the files of my messages to the server before their message is sent. */
export class Uploads {
  private readonly running = new Map<string, AbortController>();
  private travelling = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly files: Files,
    private readonly outbox: () => Outbox,
  ) {
    store.subscribe(this.follow);
  }

  /** Brings all files of a message; answers their media. What is there already is not sent again. */
  async bring(entry: Pending): Promise<Id[]> {
    const stop = new AbortController();
    this.running.set(entry.clientId, stop);
    try {
      return await Promise.all(entry.files.map((file) => this.inTurn(() => this.carry(entry.clientId, file, stop.signal))));
    } catch (error) {
      // The others can be gone on with when it is tried again.
      stop.abort("later");
      throw error;
    } finally {
      this.running.delete(entry.clientId);
    }
  }

  /** A message was committed: of files that became ready just before, no event of its chat tells. */
  settle(entry: Pending): void {
    const sent = this.store.getState().outbox.find((one) => one.clientId === entry.clientId) ?? entry;
    for (const { medium } of sent.files) {
      if (medium?.state === "processing") void getMedium(medium.id).then(this.take, () => undefined);
    }
  }

  /** Stops all; it can be gone on with. */
  stop(): void {
    for (const stop of this.running.values()) stop.abort("later");
    this.running.clear();
  }

  private readonly take = (media: Medium): void => this.store.dispatch({ event: "local:medium", data: { media } });

  private async inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.travelling >= AT_ONCE) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.travelling++;
    try {
      return await act();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.travelling--;
    }
  }

  private async carry(clientId: string, file: PendingFile, signal: AbortSignal): Promise<Id> {
    if (file.medium) return file.medium.id;
    if (signal.aborted) throw new UploadStopped();
    const blob = await this.files.read(file.key);
    if (!blob) throw new ApiError(410, "file_lost", "The file is not on this device any more.");
    let told = 0;
    const progress = (part: number | null): void => this.store.dispatch({ event: "local:progress", data: { of: file.key, part } });
    progress(0);
    try {
      const medium = await upload(blob, {
        name: file.name,
        kind: wantedKind(file),
        address: file.address,
        onAddress: (address) => void this.note(clientId, file.key, { address }),
        onProgress: (part) => {
          if (part < 1 && part - told < STEP) return;
          told = part;
          progress(part);
        },
        signal,
      });
      this.files.arrived(file.key, medium.id, blob);
      // Stored before the message is sent: whatever happens, the same message is sent again.
      await this.note(clientId, file.key, { medium });
      return medium.id;
    } finally {
      progress(null);
    }
  }

  private note(clientId: string, key: string, changes: Partial<PendingFile>): Promise<void> {
    this.store.dispatch({ event: "local:file", data: { clientId, key, changes } });
    return this.outbox().keep(clientId);
  }

  /** What was taken out of the outbox meanwhile is not brought any further. */
  private readonly follow = (): void => {
    if (this.running.size === 0) return;
    const { outbox } = this.store.getState();
    for (const [clientId, stop] of this.running) {
      if (!outbox.some((entry) => entry.clientId === clientId)) stop.abort("discard");
    }
  };
}
