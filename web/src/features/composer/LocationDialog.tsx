import { LocateFixed } from "lucide-react";
import { useState, type FormEvent } from "react";

import type { Id } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

/** A place: where one is, or any that is entered. */
export function LocationDialog({ chat, onClose }: { chat: Id; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [lat, setLat] = useState("");
  const [lon, setLon] = useState("");
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  function locate(): void {
    setBusy(true);
    setError(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setLat(coords.latitude.toFixed(6));
        setLon(coords.longitude.toFixed(6));
        setBusy(false);
      },
      () => {
        setError(t("composer.locationDenied"));
        setBusy(false);
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const [north, east] = [degrees(lat), degrees(lon)];
    if (north === null || east === null || Math.abs(north) > 90 || Math.abs(east) > 180) {
      setError(t("composer.locationWrong"));
      return;
    }
    const content = { lat: north, lon: east, ...(name.trim() ? { name: name.trim() } : {}) };
    messenger.sendContent(chat, { kind: "location", content });
    onClose();
  }

  return (
    <Dialog title={t("composer.locationTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <form onSubmit={submit} className="space-y-3">
        <Button look="secondary" className="w-full" isBusy={isBusy} icon={<LocateFixed aria-hidden className="size-5" />} onClick={locate}>
          {t("composer.locationUse")}
        </Button>
        <div className="grid grid-cols-2 gap-3">
          <TextField label={t("composer.latitude")} inputMode="decimal" dir="ltr" value={lat} onChange={(event) => setLat(event.target.value)} />
          <TextField label={t("composer.longitude")} inputMode="decimal" dir="ltr" value={lon} onChange={(event) => setLon(event.target.value)} />
        </div>
        <TextField label={t("composer.locationName")} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} error={error} />
        <Button type="submit" className="w-full" disabled={!lat.trim() || !lon.trim()}>
          {t("composer.locationSend")}
        </Button>
      </form>
    </Dialog>
  );
}

function degrees(text: string): number | null {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(number) ? number : null;
}
