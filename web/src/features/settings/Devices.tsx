import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { LaptopMinimal, Smartphone } from "lucide-react";

import { listDevices, revokeDevice } from "@/api/auth";
import type { Device } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { Button } from "@/ui/Button";
import { SkeletonRows } from "@/ui/Skeleton";

const key = ["devices"];

/** Where this account is logged in, this device first. */
export function Devices() {
  const { t } = useTranslation();
  const devices = useQuery({ queryKey: key, queryFn: listDevices });
  if (devices.isPending) return <SkeletonRows rows={3} />;
  if (devices.isError) {
    return (
      <p role="alert" className="text-danger">
        {errorText(t, devices.error)}
      </p>
    );
  }
  const rows = [...devices.data.results].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <>
      <p className="mb-4 px-2 text-sm text-ink-2">{t("settings.devicesHint")}</p>
      <ul className="divide-y divide-line rounded-3xl border border-line bg-raised px-5">
        {rows.map((device) => (
          <DeviceItem key={device.id} device={device} />
        ))}
      </ul>
    </>
  );
}

function DeviceItem({ device }: { device: Device }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeDevice(device.id),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const name = device.name || t("settings.unnamedDevice");
  const Icon = /android|ios|iphone/i.test(device.platform + device.name) ? Smartphone : LaptopMinimal;
  return (
    <li className="flex items-center gap-4 py-4">
      <Icon aria-hidden className="size-6 shrink-0 text-ink-2" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{name}</p>
        <p className="text-sm text-ink-2">
          {device.current ? <span className="font-medium text-online">{t("settings.thisDevice")}</span> : t("settings.lastUsed", { when: moment(device.last_used_at, locale()) })}
        </p>
        {revoke.isError && (
          <p role="alert" className="text-sm text-danger">
            {errorText(t, revoke.error)}
          </p>
        )}
      </div>
      {!device.current && (
        <Button look="danger" size="sm" aria-label={t("settings.revokeLabel", { name })} isBusy={revoke.isPending} onClick={() => revoke.mutate()}>
          {t("settings.revoke")}
        </Button>
      )}
    </li>
  );
}
