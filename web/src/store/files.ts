import type { Id } from "@/api/types";
import type { Database } from "@/store/persist";

/** So many of the files last sent are shown from here until their page is left. */
const RECENT_MAX = 60;

/**
 * The bytes of my files on their way: in the browser's database, so that they survive a reload, and
 * at hand, so that they go out where storage is full or forbidden.
 */
export class Files {
  private readonly waiting = new Map<string, Blob>();
  /** By the medium that was made of them: shown while the server makes its own picture. */
  private readonly recent = new Map<Id, Blob>();

  constructor(private readonly database: Database) {}

  /** Has files at hand under their keys; the outbox stores them with their message. */
  hold(blobs: ReadonlyMap<string, Blob>): void {
    for (const [key, blob] of blobs) this.waiting.set(key, blob);
  }

  /** The bytes under a key, or those that a medium of mine was just made of; null where they are not here. */
  async read(key: string): Promise<Blob | null> {
    const atHand = this.waiting.get(key) ?? this.recent.get(key);
    if (atHand) return atHand;
    const stored = await this.database.files.get(key).catch(() => undefined);
    return stored?.blob ?? null;
  }

  /** A file is with the server, as this medium. */
  arrived(key: string, medium: Id, blob: Blob): void {
    this.recent.set(medium, blob);
    const [oldest] = this.recent.keys();
    if (this.recent.size > RECENT_MAX && oldest !== undefined) this.recent.delete(oldest);
    this.waiting.delete(key);
  }

  /** Their message is sent or given up. */
  drop(keys: string[]): void {
    for (const key of keys) this.waiting.delete(key);
    if (keys.length > 0) void this.database.files.bulkDelete(keys).catch(() => undefined);
  }

  clear(): void {
    this.waiting.clear();
    this.recent.clear();
  }
}
