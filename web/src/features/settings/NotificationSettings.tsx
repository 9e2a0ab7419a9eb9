import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { changePreferences, getPreferences, type Preferences } from "@/api/notifications";
import { Card } from "@/features/settings/Card";
import { DeviceNotifications } from "@/features/settings/DeviceNotifications";
import { QuietHours } from "@/features/settings/QuietHours";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useStore } from "@/store/react";
import { SkeletonRows } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";

const key = ["notification-settings"];

/** What I am told of: by this device, by all of them, and when not. */
export function NotificationSettings() {
  return (
    <div className="space-y-8">
      <DeviceNotifications />
      <AccountNotifications />
    </div>
  );
}

function AccountNotifications() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const hasMail = useStore((state) => Boolean(state.me?.email));
  const preferences = useQuery({ queryKey: key, queryFn: getPreferences });
  const change = useMutation({
    mutationFn: changePreferences,
    // A switch moves at once, and back if it was refused.
    onMutate: (changes: Partial<Preferences>) => client.setQueryData(key, (held?: Preferences) => held && { ...held, ...changes }),
    onSuccess: (answer) => client.setQueryData(key, answer),
    onError: () => client.invalidateQueries({ queryKey: key }),
  });
  if (preferences.isPending) return <SkeletonRows rows={4} />;
  if (preferences.isError) {
    return (
      <p role="alert" className="text-danger">
        {errorText(t, preferences.error)}
      </p>
    );
  }
  const held = preferences.data;
  const row = (name: "push" | "preview" | "mail" | "reactions" | "connections") => (
    <Switch
      label={t(`notifications.account.${name}`)}
      hint={name === "mail" && !hasMail ? t("notifications.account.mailMissing") : t(`notifications.account.${name}Hint`)}
      checked={held[name]}
      onChange={(isOn) => change.mutate({ [name]: isOn })}
    />
  );
  return (
    <>
      {change.isError && (
        <p role="alert" className="rounded-2xl bg-danger-soft px-4 py-3 text-danger">
          {errorText(t, change.error)}
        </p>
      )}
      <Card title={t("notifications.account.title")} hasRows>
        {row("push")}
        {row("preview")}
        {row("mail")}
        {row("reactions")}
        {row("connections")}
      </Card>
      <QuietHours held={held} onChange={(changes) => change.mutate(changes)} />
    </>
  );
}
