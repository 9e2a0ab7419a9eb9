import { useCallback, useEffect, useState } from "react";

import type { Calls } from "@/calls/calls";
import { chosenDevices } from "@/calls/media";
import type { TalkView } from "@/calls/talk";
import { useTranslation } from "@/i18n/react";
import { Popover } from "@/ui/Popover";
import { Select } from "@/ui/Select";

/** The devices there are, anew when one is plugged in or out. */
export function useDevices(): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const read = useCallback(() => {
    (navigator.mediaDevices as MediaDevices | undefined)?.enumerateDevices().then(setDevices, () => undefined);
  }, []);
  useEffect(() => {
    read();
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.addEventListener("devicechange", read);
    return () => media?.removeEventListener("devicechange", read);
  }, [read]);
  return devices;
}

const kinds = [
  { kind: "audioinput", label: "calls.microphone" },
  { kind: "videoinput", label: "calls.camera" },
  { kind: "audiooutput", label: "calls.speaker" },
] as const;

/** Which microphone, camera and speaker. */
export function DeviceMenu({ calls, talk, anchor, onClose }: { calls: Calls; talk: TalkView; anchor: DOMRect; onClose: () => void }) {
  const { t } = useTranslation();
  const devices = useDevices();
  const used: Record<(typeof kinds)[number]["kind"], string | undefined> = {
    audioinput: talk.microphone?.getSettings().deviceId ?? chosenDevices().audioinput,
    videoinput: talk.camera?.getSettings().deviceId ?? chosenDevices().videoinput,
    audiooutput: talk.speaker ?? undefined,
  };
  return (
    <Popover anchor={anchor} label={t("calls.devices")} role="dialog" onClose={onClose} className="w-72 space-y-1 p-3">
      {kinds.map(({ kind, label }) => {
        const found = devices.filter((device) => device.kind === kind);
        const options = found.map((device, index) => [device.deviceId, device.label || t("calls.unnamedDevice", { number: index + 1 })] as const);
        // Which speaker it is, not every browser lets one choose.
        if (kind === "audiooutput" && (found.length === 0 || !("setSinkId" in HTMLMediaElement.prototype))) return null;
        return (
          <div key={kind} className="flex items-center justify-between gap-3">
            <span className="text-sm font-semibold">{t(label)}</span>
            <Select
              label={t(label)}
              value={used[kind] ?? options[0]?.[0] ?? ""}
              options={options.length > 0 ? options : [["", t("calls.noDevice")]]}
              isDisabled={options.length === 0}
              onChange={(id) => void calls.choose(kind, id)}
            />
          </div>
        );
      })}
    </Popover>
  );
}
