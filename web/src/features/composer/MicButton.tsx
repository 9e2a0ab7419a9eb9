import { Mic } from "lucide-react";
import { useRef, type PointerEvent } from "react";

import { useTranslation } from "@/i18n/react";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";

/** How a recording is held: by the finger, by itself, or let go of to be sent. */
export type Hold = "held" | "locked" | "released";

/** Shorter than this it was a tap, and the recording goes on by itself. */
const TAP_MS = 350;
const CANCEL_PX = 90;
const LOCK_PX = 60;

interface Props {
  hold: Hold | null;
  /** Null: it is given up. */
  onHold: (hold: Hold | null) => void;
}

/** Records while it is held: sideways gives it up, upwards it goes on by itself. A tap or a key starts it too. */
export function MicButton({ hold, onHold }: Props) {
  const { t } = useTranslation();
  const start = useRef<{ x: number; y: number; at: number } | null>(null);

  function onPointerMove(event: PointerEvent): void {
    const from = start.current;
    if (!from) return;
    // Towards where one began to write.
    const isRtl = getComputedStyle(event.currentTarget).direction === "rtl";
    const back = (from.x - event.clientX) * (isRtl ? -1 : 1);
    if (back > CANCEL_PX) onHold(null);
    else if (from.y - event.clientY > LOCK_PX) onHold("locked");
    else return;
    start.current = null;
  }

  return (
    <IconButton
      label={t("recorder.start")}
      look="accent"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, y: event.clientY, at: Date.now() };
        onHold("held");
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        const from = start.current;
        start.current = null;
        if (from) onHold(Date.now() - from.at < TAP_MS ? "locked" : "released");
      }}
      onPointerCancel={() => {
        if (start.current) onHold("locked");
        start.current = null;
      }}
      onClick={(event) => {
        // By the keyboard: the pointer has its own events.
        if (event.detail === 0 && hold === null) onHold("locked");
      }}
      onContextMenu={(event) => event.preventDefault()}
      className={classes("touch-none", hold === "held" && "scale-125")}
    >
      <Mic aria-hidden className="size-5" />
    </IconButton>
  );
}
