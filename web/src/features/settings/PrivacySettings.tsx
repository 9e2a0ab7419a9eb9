import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";

import type { Audience, Privacy } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { SkeletonRows } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";

const audiences: Audience[] = ["everyone", "connections", "nobody"];
/** To everyone who is no contact nothing is shown anyway. */
const statusAudiences: Audience[] = ["connections", "nobody"];
const fields = [
  { key: "last_seen", label: "settings.lastSeen" },
  { key: "online", label: "settings.online" },
  { key: "about", label: "settings.aboutAudience" },
  { key: "avatar", label: "settings.avatar" },
] as const;

/** Who may see what; each change is saved at once. */
export function PrivacySettings() {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const privacy = useStore((state) => state.me?.privacy ?? null);
  const statuses = useStore((state) => state.statuses.mode);
  const [error, setError] = useState<string | null>(null);
  if (!privacy) return <SkeletonRows rows={4} />;

  function change(changes: Partial<Privacy>): void {
    setError(null);
    messenger.people.updatePrivacy(changes).catch((failure: unknown) => setError(errorText(t, failure)));
  }

  function switchStatuses(isOn: boolean): void {
    setError(null);
    messenger.statuses.setEnabled(isOn).catch((failure: unknown) => setError(errorText(t, failure)));
  }

  return (
    <div className="space-y-6">
      {error && (
        <p role="alert" className="rounded-2xl bg-danger-soft px-4 py-3 text-danger">
          {error}
        </p>
      )}
      <div className="divide-y divide-line rounded-3xl border border-line bg-raised px-5">
        {fields.map(({ key, label }) => (
          <AudienceField key={key} label={t(label)} value={privacy[key]} onChange={(value) => change({ [key]: value })} />
        ))}
      </div>
      <p className="px-2 text-sm text-ink-2">{t("settings.privacyHint")}</p>
      {statuses !== null && statuses !== "none" && (
        <div className="divide-y divide-line rounded-3xl border border-line bg-raised px-5 py-1">
          <Switch label={t("statuses.settings.enabled")} hint={t("statuses.settings.enabledHint")} checked={statuses === "on"} onChange={switchStatuses} />
          {statuses === "on" && (
            <AudienceField
              label={t("statuses.settings.audience")}
              value={privacy.statuses === "nobody" ? "nobody" : "connections"}
              among={statusAudiences}
              onChange={(value) => change({ statuses: value })}
            />
          )}
        </div>
      )}
      <div className="divide-y divide-line rounded-3xl border border-line bg-raised px-5 py-1">
        <Switch label={t("settings.readReceipts")} hint={t("settings.readReceiptsHint")} checked={privacy.read_receipts} onChange={(read_receipts) => change({ read_receipts })} />
        <Switch label={t("settings.typing")} hint={t("settings.typingHint")} checked={privacy.typing} onChange={(typing) => change({ typing })} />
      </div>
    </div>
  );
}

interface FieldProps {
  label: string;
  value: Audience;
  among?: Audience[];
  onChange: (value: Audience) => void;
}

function AudienceField({ label, value, among = audiences, onChange }: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <span className="relative">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value as Audience)}
          className="min-h-10 max-w-full appearance-none rounded-full bg-sunken ps-4 pe-10 text-sm font-semibold text-ink"
        >
          {among.map((audience) => (
            <option key={audience} value={audience} className="bg-raised text-ink">
              {t(`settings.audience.${audience}`)}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute end-3.5 top-1/2 size-4 -translate-y-1/2 text-ink-2" />
      </span>
    </div>
  );
}
