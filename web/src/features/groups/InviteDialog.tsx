import { useState, type FormEvent } from "react";

import { createInvite } from "@/api/groups";
import type { Chat, Invite } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { Button } from "@/ui/Button";
import { CopyLink } from "@/ui/CopyLink";
import { Dialog } from "@/ui/Dialog";
import { QrImage } from "@/ui/QrImage";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";

const HOUR = 3_600;
const LIVES = { hour: HOUR, day: 24 * HOUR, week: 168 * HOUR, month: 720 * HOUR, ever: null } as const;
const USES = { one: 1, ten: 10, hundred: 100, any: null } as const;

interface Props {
  chat: Chat;
  /** One that is there already; else one is made. */
  known: Invite | null;
  onClose: () => void;
}

/** Makes a way into a group, and shows it. */
export function InviteDialog({ chat, known, onClose }: Props) {
  const { t } = useTranslation();
  const [life, setLife] = useState<keyof typeof LIVES>("week");
  const [uses, setUses] = useState<keyof typeof USES>("any");
  const [approval, setApproval] = useState(false);
  const [invite, setInvite] = useState<Invite | null>(known);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const max = USES[uses];
    const seconds = LIVES[life];
    try {
      setInvite(await createInvite(chat.id, { approval, ...(seconds === null ? {} : { expires_in: seconds }), ...(max === null ? {} : { max_uses: max }) }));
    } catch (failure) {
      setError(errorText(t, failure));
    }
    setBusy(false);
  }

  return (
    <Dialog title={t("groups.inviteTitle")} closeLabel={t("common.close")} onClose={onClose} isTall>
      {invite ? (
        <div className="flex flex-1 flex-col items-center justify-center gap-4 pb-2">
          <p dir="auto" className="text-lg font-bold wrap-anywhere">
            {chat.name}
          </p>
          <div className="aspect-square w-full max-w-72 rounded-3xl bg-white p-5 shadow-soft">
            <QrImage value={invite.url ?? ""} label={t("groups.inviteCode", { name: chat.name })} />
          </div>
          {invite.expires_at && <p className="text-sm font-semibold text-accent-strong">{t("groups.inviteUntil", { when: moment(invite.expires_at, locale()) })}</p>}
          <p className="max-w-72 text-center text-sm text-ink-2">{t(invite.approval ? "groups.inviteAsksText" : "groups.inviteText")}</p>
          <CopyLink label={t("groups.inviteLink")} url={invite.url ?? ""} copy={t("common.copyLink")} copied={t("common.copied")} />
          <Button look="quiet" size="sm" onClick={() => setInvite(null)}>
            {t("groups.inviteAnother")}
          </Button>
        </div>
      ) : (
        <form onSubmit={(event) => void make(event)} className="flex flex-1 flex-col gap-2">
          <p className="text-ink-2">{t("groups.inviteIntro")}</p>
          <div className="flex min-h-13 items-center justify-between gap-3">
            <span className="font-medium">{t("groups.inviteLife")}</span>
            <Select label={t("groups.inviteLife")} value={life} onChange={(value) => setLife(value as typeof life)} options={(Object.keys(LIVES) as (typeof life)[]).map((one) => [one, t(`groups.lives.${one}`)] as const)} />
          </div>
          <div className="flex min-h-13 items-center justify-between gap-3">
            <span className="font-medium">{t("groups.inviteUses")}</span>
            <Select label={t("groups.inviteUses")} value={uses} onChange={(value) => setUses(value as typeof uses)} options={(Object.keys(USES) as (typeof uses)[]).map((one) => [one, t(`groups.uses.${one}`)] as const)} />
          </div>
          <Switch label={t("groups.inviteApproval")} checked={approval} onChange={setApproval} />
          {error && (
            <p role="alert" className="text-danger">
              {error}
            </p>
          )}
          <Button type="submit" className="mt-2 w-full" isBusy={isBusy}>
            {t("groups.inviteMake")}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
