import { Play } from "lucide-react";

import type { Medium } from "@/api/types";
import { countdown } from "@/lib/time";
import { Blur, useRenewed } from "@/parts/Picture";

/** A picture or film as a square, small; says nothing itself, and can stand in a link or a button. */
export function Thumbnail({ medium }: { medium: Medium }) {
  const { tries, isBroken, onError } = useRenewed();
  const src = medium.thumbnail_url ?? (medium.kind === "image" ? medium.url : null);
  return (
    <span aria-hidden className="relative block aspect-square overflow-hidden bg-sunken">
      {medium.blurhash && <Blur hash={medium.blurhash} />}
      {src && !isBroken && <img key={tries} src={src} alt="" loading="lazy" decoding="async" draggable={false} onError={onError} className="absolute inset-0 size-full object-cover" />}
      {medium.kind === "video" && (
        <span className="absolute inset-x-0 bottom-0 flex items-center gap-1 bg-linear-to-t from-black/65 to-transparent px-1.5 pt-5 pb-1 text-xs font-medium text-white tabular-nums">
          <Play className="size-3 fill-current" />
          {medium.duration !== null && countdown(medium.duration)}
        </span>
      )}
    </span>
  );
}
