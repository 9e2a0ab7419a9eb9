import type { Id } from "@/api/types";
import { readyOf, useShared } from "@/parts/shared";
import { Thumbnail } from "@/parts/Thumbnail";

const SHOWN = 4;

/** The newest pictures of a chat in a row; nothing where there are none. */
export function SharedStrip({ chat }: { chat: Id }) {
  const { messages } = useShared(chat, "media", SHOWN);
  const media = (messages ?? []).flatMap(readyOf).slice(0, SHOWN);
  if (media.length === 0) return null;
  return (
    <span className="grid grid-cols-4 gap-0.5">
      {media.map((medium) => (
        <Thumbnail key={medium.id} medium={medium} />
      ))}
    </span>
  );
}
