import { UsersRound } from "lucide-react";
import { useEffect, useState } from "react";

import { bucket, initials } from "@/lib/text";
import { classes } from "@/ui/classes";

const sizes = { xs: "size-8 text-xs", sm: "size-9 text-sm", md: "size-12 text-base", lg: "size-24 text-3xl", xl: "size-32 text-5xl" } as const;

// Whole names, so that the style sheet is found to need them.
const tints = ["tint-0", "tint-1", "tint-2", "tint-3", "tint-4", "tint-5", "tint-6", "tint-7"] as const;

interface Props {
  name: string;
  /** What the colour goes by: the same for the same person everywhere. */
  seed: string;
  url?: string | null | undefined;
  size?: keyof typeof sizes;
  isOnline?: boolean;
  /** Without a picture, a sign of several people. */
  isGroup?: boolean;
}

/** A picture, or the initials on a colour of one's own. Says nothing to screen readers: a name stands beside it. */
export function Avatar({ name, seed, url, size = "md", isOnline = false, isGroup = false }: Props) {
  return (
    <span aria-hidden className={classes("relative inline-flex shrink-0 select-none", sizes[size])}>
      <span className={classes("flex size-full items-center justify-center rounded-full font-semibold text-white", tints[bucket(seed, tints.length)])}>
        {isGroup ? <UsersRound className="size-1/2" /> : initials(name)}
      </span>
      {url && <Picture key={url} url={url} />}
      {isOnline && <span className="absolute end-0 bottom-0 size-3.5 rounded-full border-2 border-surface bg-online" />}
    </span>
  );
}

/** One that was just chosen is there a moment later, and a session that ran out is renewed by then. */
const AGAIN_AFTER_MS = [1_500, 4_000, 10_000, 30_000] as const;

/** The picture over the initials, once it is there. */
function Picture({ url }: { url: string }) {
  const [tries, setTries] = useState(0);
  const [isBroken, setBroken] = useState(false);
  const wait = AGAIN_AFTER_MS[tries];
  useEffect(() => {
    if (!isBroken || wait === undefined) return;
    const timer = setTimeout(() => {
      setBroken(false);
      setTries((before) => before + 1);
    }, wait);
    return () => clearTimeout(timer);
  }, [isBroken, wait]);
  if (isBroken) return null;
  return <img src={url} alt="" draggable={false} onError={() => setBroken(true)} className="absolute inset-0 size-full rounded-full object-cover" />;
}
