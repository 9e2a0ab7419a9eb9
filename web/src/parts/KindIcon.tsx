import { Camera, FileText, Mic, Music, Video } from "lucide-react";

const icons = { image: Camera, video: Video, audio: Music, voice: Mic, file: FileText } as const;

/** A sign of what kind of file a message brings; nothing for other kinds. Words stand beside it. */
export function KindIcon({ kind }: { kind: string }) {
  const Icon = kind in icons ? icons[kind as keyof typeof icons] : null;
  return Icon && <Icon aria-hidden className="-mt-0.5 me-1 inline-block size-4 shrink-0 align-middle" />;
}
