import { BellOff, BellRing, CircleAlert } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";

import { Card } from "@/features/settings/Card";
import { useTranslation } from "@/i18n/react";
import { getChoice, setChoice, type Choice } from "@/lib/choices";
import { ping } from "@/lib/sound";
import { useMessenger } from "@/messenger/react";
import type { PushState } from "@/messenger/pushes";
import { Button } from "@/ui/Button";
import { Switch } from "@/ui/Switch";

const TROUBLES: readonly PushState[] = ["unable", "insecure", "install", "denied", "failed"];

/** How this browser tells of something, and what to do where it may not. */
export function DeviceNotifications() {
  const { t } = useTranslation();
  const { pushes } = useMessenger();
  const state = useSyncExternalStore(pushes.subscribe, pushes.getState);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    const look = (): void => pushes.look();
    look();
    // Whoever comes back from the browser's settings may have changed them.
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [pushes]);

  async function change(isOn: boolean): Promise<void> {
    setBusy(true);
    await (isOn ? pushes.turnOn() : pushes.turnOff());
    setBusy(false);
  }

  const isTroubled = TROUBLES.includes(state);
  const Icon = isTroubled ? CircleAlert : state === "on" ? BellRing : BellOff;
  return (
    <Card title={t("notifications.device.title")} hasRows>
      <div className="py-3">
        <div role="status" className="flex items-start gap-3">
          <Icon aria-hidden className={isTroubled ? "mt-0.5 size-5 shrink-0 text-danger" : "mt-0.5 size-5 shrink-0 text-ink-2"} />
          <div>
            <p className="font-medium">{t(`notifications.device.state.${state}`)}</p>
            {state === "denied" && <p className="mt-1 text-sm text-ink-2">{t("notifications.device.deniedHelp")}</p>}
          </div>
        </div>
        {(state === "denied" || state === "failed" || state === "on") && (
          <div className="mt-3 flex flex-wrap gap-2 ps-8">
            {state === "on" ? (
              <Button size="sm" look="secondary" onClick={() => void pushes.test(t("notifications.device.testTitle"), t("notifications.device.testBody"))}>
                {t("notifications.device.test")}
              </Button>
            ) : (
              <Button size="sm" look="secondary" isBusy={isBusy} onClick={() => void (state === "failed" ? change(true) : pushes.look())}>
                {t("notifications.device.check")}
              </Button>
            )}
          </div>
        )}
      </div>
      {(state === "on" || state === "off" || state === "failed") && (
        <Switch label={t("notifications.device.switch")} checked={state === "on" || isBusy} onChange={(isOn) => void change(isOn)} />
      )}
      <ChoiceSwitch name="sound" onChange={(isOn) => isOn && ping()} />
      <ChoiceSwitch name="banners" />
    </Card>
  );
}

function ChoiceSwitch({ name, onChange }: { name: Extract<Choice, "sound" | "banners">; onChange?: (isOn: boolean) => void }) {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(() => getChoice(name));
  return (
    <Switch
      label={t(`notifications.device.${name}`)}
      hint={t(`notifications.device.${name}Hint`)}
      checked={isOn}
      onChange={(wanted) => {
        setChoice(name, wanted);
        setOn(wanted);
        onChange?.(wanted);
      }}
    />
  );
}
