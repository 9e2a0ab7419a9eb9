import { Link2, QrCode, RefreshCw } from "lucide-react";
import { useCallback, useEffect, useState } from "react";

import { listInvites, revokeInvite } from "@/api/groups";
import type { Chat, Invite } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { Button, IconButton } from "@/ui/Button";
import { Lazily, lazily } from "@/ui/Lazily";

const InviteDialog = lazily(() => import("@/features/groups/InviteDialog").then((m) => m.InviteDialog));

/** The ways into a group that are open, and another one. */
export function Invites({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const attempt = useAttempt();
  const [rows, setRows] = useState<Invite[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [shown, setShown] = useState<Invite | "new" | null>(null);
  const read = useCallback(() => {
    listInvites(chat.id).then(
      (page) => {
        setError(null);
        setRows(page.results);
      },
      (failure: unknown) => setError(errorText(t, failure)),
    );
  }, [chat.id, t]);
  useEffect(read, [read]);

  async function revoke(invite: Invite): Promise<void> {
    if (await attempt(() => revokeInvite(chat.id, invite.id))) read();
  }

  return (
    <section aria-label={t("groups.invites")}>
      <h3 className="pb-2 font-bold">{t("groups.invites")}</h3>
      <Button look="secondary" className="w-full" icon={<QrCode aria-hidden className="size-5" />} onClick={() => setShown("new")}>
        {t("groups.invite")}
      </Button>
      {error && (
        <p role="alert" className="flex items-center gap-2 py-2 text-sm text-danger">
          {error}
          <Button look="quiet" size="sm" icon={<RefreshCw aria-hidden className="size-4" />} onClick={read}>
            {t("common.retry")}
          </Button>
        </p>
      )}
      {rows?.length === 0 && <p className="py-2 text-sm text-ink-2">{t("groups.invitesNone")}</p>}
      <ul>
        {rows?.map((invite) => (
          <li key={invite.id} className="flex items-center gap-3 py-2">
            <span aria-hidden className="flex size-9 items-center justify-center rounded-full bg-sunken text-ink-2">
              <Link2 className="size-5" />
            </span>
            <span className="min-w-0 flex-1 text-sm">
              <span className="block font-medium">
                {invite.max_uses === null ? t("groups.inviteUsedFree", { count: invite.uses }) : t("groups.inviteUsed", { uses: invite.uses, max: invite.max_uses })}
              </span>
              <span className="block text-ink-2">
                {[invite.expires_at ? t("groups.inviteUntil", { when: moment(invite.expires_at, locale()) }) : t("groups.inviteForever"), invite.approval && t("groups.inviteAsks")].filter(Boolean).join(", ")}
              </span>
            </span>
            {invite.url && (
              <IconButton label={t("groups.inviteShow")} onClick={() => setShown(invite)}>
                <QrCode aria-hidden className="size-5" />
              </IconButton>
            )}
            <Button look="quiet" size="sm" className="-me-3" onClick={() => void revoke(invite)}>
              {t("groups.revoke")}
            </Button>
          </li>
        ))}
      </ul>
      {shown && (
        <Lazily onClose={() => setShown(null)}>
          <InviteDialog
            chat={chat}
            known={shown === "new" ? null : shown}
            onClose={() => {
              setShown(null);
              read();
            }}
          />
        </Lazily>
      )}
    </section>
  );
}
