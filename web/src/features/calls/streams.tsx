import { useEffect, useRef } from "react";

import { classes } from "@/ui/classes";

/** A moving picture, without its sound. */
export function Picture({ track, label, isMirrored = false, isWhole = false, className }: { track: MediaStreamTrack; label: string; isMirrored?: boolean; isWhole?: boolean; className?: string }) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    // Refused only while it is being replaced by the next.
    video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return <video ref={ref} muted autoPlay playsInline aria-label={label} className={classes("size-full", isWhole ? "object-contain" : "object-cover", isMirrored && "-scale-x-100", className)} />;
}

/** The sound of one of the others, wherever the screen of the call is. */
export function Sound({ track, speaker }: { track: MediaStreamTrack; speaker: string | null }) {
  const ref = useRef<HTMLAudioElement | null>(null);
  useEffect(() => {
    const audio = new Audio();
    audio.autoplay = true;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch(() => undefined);
    ref.current = audio;
    return () => {
      audio.srcObject = null;
      ref.current = null;
    };
  }, [track]);
  useEffect(() => {
    // A speaker that is gone leaves the sound where it was.
    if (speaker !== null && ref.current && "setSinkId" in ref.current) ref.current.setSinkId(speaker).catch(() => undefined);
  }, [speaker, track]);
  return null;
}
