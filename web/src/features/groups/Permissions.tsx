import type { Chat } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Select } from "@/ui/Select";

const QUESTIONS = { post: "post", edit_info: "editInfoWho", invite: "inviteWho" } as const;

/** Who may do what in a group. */
export function Permissions({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const { permissions } = chat;
  if (!permissions) return null;
  const change = (name: string) => (value: string) => void attempt(() => messenger.groups.change(chat.id, { permissions: { [name]: value } }));
  return (
    <section aria-label={t("groups.permissions")}>
      <h3 className="pb-2 font-bold">{t("groups.permissions")}</h3>
      <div className="divide-y divide-line rounded-3xl border border-line bg-raised">
        {(Object.keys(QUESTIONS) as (keyof typeof QUESTIONS)[]).map((name) => (
          <Row key={name} label={t(`groups.${QUESTIONS[name]}`)}>
            <Select
              label={t(`groups.${QUESTIONS[name]}`)}
              value={permissions[name]}
              onChange={change(name)}
              options={(["all", "admins"] as const).map((who) => [who, t(`groups.who.${who}`)] as const)}
            />
          </Row>
        ))}
        <Row label={t("groups.history")}>
          <Select label={t("groups.history")} value={permissions.history} onChange={change("history")} options={(["all", "joined"] as const).map((what) => [what, t(`groups.sees.${what}`)] as const)} />
        </Row>
      </div>
    </section>
  );
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex min-h-13 items-center justify-between gap-3 px-4 py-1.5">
      <span className="font-medium">{label}</span>
      {children}
    </div>
  );
}
