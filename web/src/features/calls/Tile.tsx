import { MicOff } from "lucide-react";

import type { Id } from "@/api/types";
import type { Remote } from "@/calls/talk";
import { Picture } from "@/features/calls/streams";
import { useTranslation } from "@/i18n/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { classes } from "@/ui/classes";

interface Props {
  user: Id;
  /** Null while they are being rung. */
  remote: Remote | null;
  /** They have the stage to themselves: their name stands above. */
  isAlone: boolean;
}

/** One of the others: their picture, or their face, and what is to be known of them. */
export function Tile({ user, remote, isAlone }: Props) {
  const { t } = useTranslation();
  const person = useStore((state) => state.users[user]);
  const name = nameOf(person);
  const isAway = remote === null || remote.link !== "connected";
  const note = remote === null ? t("calls.rung") : remote.link === "reconnecting" ? t("calls.reconnecting") : remote.isSharing ? t("calls.shares", { name }) : "";
  return (
    <div className={classes("relative flex min-h-0 min-w-0 items-center justify-center overflow-hidden", !isAlone && "rounded-3xl bg-stage-2")}>
      {remote?.video ? (
        <Picture track={remote.video} label={t("calls.picture", { name })} isWhole={remote.isSharing} className={isAway ? "opacity-50" : ""} />
      ) : (
        <span className={classes(isAway && !isAlone && "opacity-60")}>
          <Avatar name={name} seed={user} url={person?.avatar_url} size={isAlone ? "xl" : "lg"} />
        </span>
      )}
      {(!isAlone || remote?.isMuted || note) && (
        <p className={classes("absolute flex max-w-[90%] items-center gap-1.5 rounded-full bg-stage/75 px-3 py-1 text-sm", isAlone ? "bottom-4" : "start-2.5 bottom-2.5")}>
          {remote?.isMuted && <MicOff role="img" aria-label={t("calls.muted")} className="size-4 shrink-0" />}
          <span dir="auto" className="truncate">
            {isAlone ? note || t("calls.muted") : note && !remote?.isSharing ? `${name} · ${note}` : note || name}
          </span>
        </p>
      )}
    </div>
  );
}
