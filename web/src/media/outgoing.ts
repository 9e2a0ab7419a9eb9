/** Files that a person has chosen: what they are, as far as this device can tell. */

import type { MediumKind } from "@/api/types";
import { newClientId } from "@/lib/ids";

/** A file to send. */
export interface Outgoing {
  /** Names it on this device. */
  key: string;
  blob: Blob;
  name: string;
  size: number;
  mime: string;
  kind: MediumKind;
  width: number | null;
  height: number | null;
  /** Seconds. */
  duration: number | null;
  waveform: number[] | null;
  /** The server keeps it as it is, whatever it is. */
  isUntouched: boolean;
}

/** What the server shows as pictures and films; all other types are files to it. */
const IMAGES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif"]);
const VIDEOS = new Set(["video/mp4", "video/quicktime", "video/3gpp", "video/webm", "video/x-matroska"]);
const SOUNDS = /^audio\/(mpeg|mp3|aac|x-aac|ogg|flac|x-flac|wav|x-wav|vnd\.wave|amr|mp4|x-m4a|webm)$/;
/** A file that does not tell its size by then is shown without. */
const LOOK_MS = 4_000;

/** What a type will be to the server. */
export function kindOfType(type: string): MediumKind {
  const [mime = ""] = type.split(";");
  if (IMAGES.has(mime)) return "image";
  if (VIDEOS.has(mime)) return "video";
  return SOUNDS.test(mime) ? "audio" : "file";
}

/** Looks into a file for what its bubble needs: the size of a picture, how long a recording is. */
export async function outgoingOf(file: File): Promise<Outgoing> {
  const kind = kindOfType(file.type);
  const seen = kind === "file" ? nothing : await look(file, kind);
  return { key: newClientId(), blob: file, name: file.name || kind, size: file.size, mime: file.type, kind, ...seen, waveform: null, isUntouched: false };
}

/** A picture or film as a file among files, of which nothing is lost. Sound stays what is listened to. */
export function untouched(one: Outgoing): Outgoing {
  return one.kind === "audio" ? one : { ...one, kind: "file", isUntouched: true };
}

/** Whether it is looked at: a picture or a film. */
export function isVisual({ kind }: { kind: MediumKind }): boolean {
  return kind === "image" || kind === "video";
}

/** Puts together what goes as one message: pictures with films, sound, and files. */
export function groupsOf<T extends { kind: MediumKind }>(files: readonly T[]): T[][] {
  const kinds = [isVisual, (file: T) => file.kind === "audio" || file.kind === "voice", (file: T) => file.kind === "file"];
  return kinds.map((is) => files.filter(is)).filter((group) => group.length > 0);
}

interface Seen {
  width: number | null;
  height: number | null;
  duration: number | null;
}

const nothing: Seen = { width: null, height: null, duration: null };

/** What the browser cannot decode, the server may: then nothing is known of it here. */
async function look(file: Blob, kind: MediumKind): Promise<Seen> {
  const url = URL.createObjectURL(file);
  const looked = kind === "image" ? lookAtImage(url) : lookAtRecording(url, kind);
  const late = new Promise<Seen>((resolve) => window.setTimeout(() => resolve(nothing), LOOK_MS));
  try {
    return await Promise.race([looked, late]);
  } catch {
    return nothing;
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function lookAtImage(url: string): Promise<Seen> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth || null, height: image.naturalHeight || null, duration: null };
}

function lookAtRecording(url: string, kind: MediumKind): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const player = document.createElement(kind === "video" ? "video" : "audio");
    player.preload = "metadata";
    player.onloadedmetadata = () => {
      const duration = Number.isFinite(player.duration) ? player.duration : null;
      const { videoWidth, videoHeight } = player as Partial<HTMLVideoElement>;
      resolve({ width: videoWidth || null, height: videoHeight || null, duration });
    };
    player.onerror = () => reject(new Error("This browser cannot play it."));
    player.src = url;
  });
}
