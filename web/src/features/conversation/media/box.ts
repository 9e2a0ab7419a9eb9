import type { Medium, Message } from "@/api/types";
import { mediumOf } from "@/store/media";
import type { Pending, PendingFile } from "@/store/state";

/** The room that pictures take in a bubble, in pixels: kept before they are there, so that nothing moves. */
export interface Box {
  width: number;
  height: number;
}

const WIDTH_MAX = 320;
const HEIGHT_MAX = 380;
const WIDTH_MIN = 200;
const HEIGHT_MIN = 120;
const UNKNOWN: Box = { width: 300, height: 225 };

/** Whether a message shows its files as pictures. */
export function isVisual(kind: string): boolean {
  return kind === "image" || kind === "video";
}

/** The room of one picture: all of it where its shape allows that. */
export function boxOf({ width, height }: Medium): Box {
  if (!width || !height) return UNKNOWN;
  const scale = Math.min(WIDTH_MAX / width, HEIGHT_MAX / height, 1);
  return { width: Math.round(Math.max(WIDTH_MIN, width * scale)), height: Math.round(Math.max(HEIGHT_MIN, height * scale)) };
}

/** How wide a bubble with these files is; null: as wide as what is in it. */
export function widthOf(kind: string, media: readonly Medium[]): number | null {
  const [first] = media;
  if (!isVisual(kind) || !first) return null;
  return media.length === 1 ? boxOf(first).width : WIDTH_MAX;
}

const made = new WeakMap<readonly PendingFile[], Medium[]>();
const NONE: Medium[] = [];

/** The files of a row: those of the message, or mine on their way. The same list for as long as they stay the same. */
export function mediaOf(message: Message | null, pending: Pending | null): readonly Medium[] {
  if (message) return message.attachments ?? NONE;
  if (!pending || pending.files.length === 0) return NONE;
  let media = made.get(pending.files);
  if (!media) made.set(pending.files, (media = pending.files.map(mediumOf)));
  return media;
}
