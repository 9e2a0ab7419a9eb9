/** Files as the state has them: mine on their way, and those of messages. */

import type { Medium, MediumKind, Message } from "@/api/types";
import { mapChanged } from "@/store/log";
import { without, type Pending, type PendingFile, type State } from "@/store/state";

/** What a message is whose files are of these kinds. */
export function kindOf(kinds: readonly MediumKind[]): MediumKind {
  const [first = "file"] = kinds;
  if (kinds.every((kind) => kind === first)) return first;
  return kinds.every((kind) => kind === "image" || kind === "video") ? "image" : "file";
}

/** A file of mine as it will look; what the server does not know of it yet, this device does. */
export function mediumOf(file: PendingFile): Medium {
  const { key, name, size, mime, kind, width, height, duration, waveform, medium } = file;
  const local: Medium = { id: key, kind, mime, name, size, width, height, duration, waveform, blurhash: null, url: null, thumbnail_url: null, state: "processing" };
  return medium ? withKnownSize(local, medium) : local;
}

/** A file's new state. Until the server has looked into it, what was known of its size stays. */
function withKnownSize(held: Medium, medium: Medium): Medium {
  if (medium.state !== "processing") return medium;
  const { width, height, duration, waveform } = held;
  return { ...medium, width: medium.width ?? width, height: medium.height ?? height, duration: medium.duration ?? duration, waveform: medium.waveform ?? waveform };
}

/** The files of a message's new state over those held. */
export function withKnownSizes(held: readonly Medium[] | undefined, media: Medium[]): Medium[] {
  return media.map((medium) => {
    const before = held?.find((one) => one.id === medium.id);
    return before ? withKnownSize(before, medium) : medium;
  });
}

/** Something is known of a file of mine on its way. */
export function changeFile(state: State, clientId: string, key: string, changes: Partial<PendingFile>): State {
  const outbox = state.outbox.map((entry) => {
    if (entry.clientId !== clientId) return entry;
    const files = entry.files.map((file) => (file.key === key ? { ...file, ...changes } : file));
    return { ...entry, files, kind: kindOf(files.map((file) => file.medium?.kind ?? file.kind)) };
  });
  return { ...state, outbox };
}

/** How far a file has come, 0 to 1: on its way to the server, or in its hands. */
export function setProgress(state: State, of: string, part: number | null): State {
  return { ...state, progress: part === null ? without(state.progress, of) : { ...state.progress, [of]: part } };
}

/** How the server has a file of mine now. It tells the owner alone, and outside of any order. */
export function takeMedium(state: State, medium: Medium): State {
  if (medium.state === "processing") return setProgress(state, medium.id, medium.progress ?? 0);
  const logs = { ...state.logs };
  for (const [chat, log] of Object.entries(logs)) {
    const messages = mapChanged(log.messages, (message) => withMedium(message, medium));
    if (messages !== log.messages) logs[chat] = { ...log, messages };
  }
  const outbox = mapChanged(state.outbox, (entry) => withFile(entry, medium));
  return setProgress({ ...state, logs, outbox }, medium.id, null);
}

function withMedium(message: Message, medium: Medium): Message {
  if (!message.attachments?.some((one) => one.id === medium.id && one.state === "processing")) return message;
  return { ...message, attachments: message.attachments.map((one) => (one.id === medium.id ? medium : one)) };
}

function withFile(entry: Pending, medium: Medium): Pending {
  if (!entry.files.some((file) => file.medium?.id === medium.id)) return entry;
  return { ...entry, files: entry.files.map((file) => (file.medium?.id === medium.id ? { ...file, medium } : file)) };
}
