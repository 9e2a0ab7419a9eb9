import { useId } from "react";

import type { Preferences } from "@/api/notifications";
import { Card } from "@/features/settings/Card";
import { useTranslation } from "@/i18n/react";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";

const NIGHT = { quiet_from: "22:00", quiet_to: "07:00" } as const;

interface Props {
  held: Preferences;
  onChange: (changes: Partial<Preferences>) => void;
}

/** Times of the day at which nothing is pushed. */
export function QuietHours({ held, onChange }: Props) {
  const { t } = useTranslation();
  const isOn = held.quiet_from !== null && held.quiet_to !== null;

  function change(isWanted: boolean): void {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    onChange(isWanted ? { ...NIGHT, time_zone: here } : { quiet_from: null, quiet_to: null });
  }

  return (
    <Card title={t("notifications.quiet.title")} hasRows>
      <Switch label={t("notifications.quiet.switch")} hint={t("notifications.quiet.hint")} checked={isOn} onChange={change} />
      {isOn && (
        <>
          <Time label={t("notifications.quiet.from")} value={held.quiet_from ?? ""} onChange={(quiet_from) => onChange({ quiet_from, quiet_to: held.quiet_to })} />
          <Time label={t("notifications.quiet.to")} value={held.quiet_to ?? ""} onChange={(quiet_to) => onChange({ quiet_from: held.quiet_from, quiet_to })} />
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3">
            <span className="font-medium">{t("notifications.quiet.zone")}</span>
            <Select label={t("notifications.quiet.zone")} value={held.time_zone} options={zones(held.time_zone).map((zone) => [zone, zone.replaceAll("_", " ")] as const)} onChange={(time_zone) => onChange({ time_zone })} />
          </div>
        </>
      )}
    </Card>
  );
}

function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-4 py-3">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        type="time"
        value={value}
        onChange={(event) => {
          // Half typed, it is empty.
          if (event.target.value) onChange(event.target.value);
        }}
        className="h-10 rounded-full bg-sunken px-4 font-semibold text-ink"
      />
    </div>
  );
}

/** The zones that the browser knows, and the one that was chosen. */
function zones(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", chosen])].sort();
}
