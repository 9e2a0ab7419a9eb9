import { UsersRound } from "lucide-react";
import { useEffect, useMemo, useState, type RefObject } from "react";

import type { Id } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { fold } from "@/lib/text";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Name } from "@/ui/Name";
import { classes } from "@/ui/classes";

/** The beginning of somebody's name behind an @, and where it stands. */
export interface Call {
  start: number;
  end: number;
  name: string;
}

/** The call that is being written before the cursor, if one is. */
export function callBefore(text: string, cursor: number): Call | null {
  const match = /(?:^|[\s(])@([\p{L}\p{N}_.]{0,32})$/u.exec(text.slice(0, cursor));
  const name = match?.[1];
  return name === undefined ? null : { start: cursor - name.length - 1, end: cursor, name };
}

const SHOWN = 6;

interface Props {
  chat: Id;
  call: Call;
  input: RefObject<HTMLTextAreaElement | null>;
  onPick: (username: string) => void;
  onClose: () => void;
}

/** Who may be meant, above the text; the arrow keys and Enter choose while the cursor stays in it. */
export function MentionList({ chat, call, input, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const members = useStore((state) => state.members[chat]?.rows);
  const users = useStore((state) => state.users);
  const me = useStore((state) => state.me?.id);
  const isGroup = useStore((state) => state.chats[chat]?.kind === "group");
  const [at, setAt] = useState(0);
  const wanted = fold(call.name);
  const found = useMemo(() => {
    const people = (members ?? [])
      .filter((row) => row.user !== me)
      .flatMap((row) => users[row.user] ?? [])
      .filter((user) => fold(user.username).startsWith(wanted) || fold(nameOf(user)).split(/\s+/).some((word) => word.startsWith(wanted)))
      .slice(0, SHOWN)
      .map((user) => ({ id: user.id, username: user.username, name: nameOf(user), url: user.avatar_url }));
    const all = "all".startsWith(wanted) ? [{ id: "all", username: "all", name: t("composer.everyone"), url: null }] : [];
    return isGroup ? [...people, ...all] : [];
  }, [members, users, me, wanted, isGroup, t]);
  const current = Math.min(at, found.length - 1);

  useEffect(() => {
    if (isGroup && !members) void messenger.groups.loadMembers(chat).catch(() => undefined);
  }, [isGroup, members, messenger, chat]);

  useEffect(() => {
    const field = input.current;
    if (!field || found.length === 0) return;
    // Before the composer's own keys: Enter chooses instead of sending.
    const onKeyDown = (event: KeyboardEvent): void => {
      const chosen = found[current];
      if (event.key === "ArrowDown") setAt((current + 1) % found.length);
      else if (event.key === "ArrowUp") setAt((current - 1 + found.length) % found.length);
      else if (event.key === "Escape") onClose();
      else if ((event.key === "Enter" || event.key === "Tab") && chosen) onPick(chosen.username);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    field.addEventListener("keydown", onKeyDown);
    return () => field.removeEventListener("keydown", onKeyDown);
  }, [input, found, current, onPick, onClose]);

  if (found.length === 0) return null;
  return (
    <ul role="listbox" aria-label={t("composer.mentions")} className="animate-rise absolute inset-x-3 bottom-full mb-2 max-h-72 overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 shadow-lift md:inset-x-5 md:max-w-sm">
      {found.map((one, index) => (
        <li key={one.id} role="option" aria-selected={index === current}>
          <button
            type="button"
            tabIndex={-1}
            // The cursor must stay in the text.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(one.username)}
            className={classes("flex w-full items-center gap-3 rounded-xl px-2.5 py-2 text-start hover:bg-sunken", index === current && "bg-sunken")}
          >
            {one.id === "all" ? (
              <span aria-hidden className="flex size-9 items-center justify-center rounded-full bg-accent-soft text-accent-strong">
                <UsersRound className="size-5" />
              </span>
            ) : (
              <Avatar name={one.name} seed={one.id} url={one.url} size="sm" />
            )}
            <Name className="font-semibold">{one.name}</Name>
            <span dir="ltr" className="ms-auto truncate text-sm text-ink-2">
              @{one.username}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
