import { UserPlus } from "lucide-react";
import { useEffect, useState } from "react";

import type { Chat, Id, JoinRequest } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { chatPath } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { isAdmin, nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Name } from "@/ui/Name";

const NOBODY: readonly JoinRequest[] = [];

/** Who waits for an admin to let them in; nothing where nobody does. */
export function JoinRequests({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const rows = useStore((state) => state.joinRequests[chat.id] ?? NOBODY);
  const users = useStore((state) => state.users);
  const [busy, setBusy] = useState<Id | null>(null);

  async function answer(request: JoinRequest, how: "approve" | "reject"): Promise<void> {
    setBusy(request.id);
    await attempt(() => messenger.groups.answer(request, how));
    setBusy(null);
  }

  if (rows.length === 0) return null;
  return (
    <section aria-label={t("groups.requests")} className="rounded-3xl border border-accent/30 bg-accent-soft p-4">
      <h3 className="pb-2 font-bold">{t("groups.requests")}</h3>
      <ul className="space-y-3">
        {rows.map((request) => (
          <li key={request.id}>
            <div className="flex items-center gap-3">
              <Avatar name={nameOf(users[request.user])} seed={request.user} url={users[request.user]?.avatar_url} size="sm" />
              <Name className="font-semibold">{nameOf(users[request.user]) || t("system.someone")}</Name>
            </div>
            <div className="mt-2 flex gap-2">
              <Button size="sm" className="flex-1" disabled={busy !== null} isBusy={busy === request.id} onClick={() => void answer(request, "approve")}>
                {t("groups.approve")}
              </Button>
              <Button size="sm" look="secondary" className="flex-1 bg-surface!" disabled={busy !== null} onClick={() => void answer(request, "reject")}>
                {t("groups.reject")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Above a group's messages: that people wait for one of its admins. */
export function JoinRequestsBar({ id }: { id: Id }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const isMine = useStore((state) => {
    const chat = state.chats[id];
    return chat?.kind === "group" && isAdmin(chat);
  });
  const isOnline = useStore((state) => state.connection === "online");
  const count = useStore((state) => state.joinRequests[id]?.length ?? 0);
  useEffect(() => {
    // Those who come later are told by a push.
    if (isMine && isOnline) void messenger.groups.loadJoinRequests(id).catch(() => undefined);
  }, [messenger, id, isMine, isOnline]);
  if (!isMine || count === 0) return null;
  return (
    <a href={`#${chatPath(id, "info")}`} className="flex min-h-12 items-center gap-3 border-b border-line bg-accent-soft px-5 font-semibold text-accent-strong">
      <UserPlus aria-hidden className="size-5" />
      {t("groups.requestsBar", { count })}
    </a>
  );
}
