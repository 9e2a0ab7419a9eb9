import { RefreshCw } from "lucide-react";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { makeQr } from "@/api/connections";
import type { QrCode as Code } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { countdown } from "@/lib/time";
import { useStore } from "@/store/react";
import { incomingRequests, nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { CopyLink } from "@/ui/CopyLink";
import { Dialog } from "@/ui/Dialog";
import { Name } from "@/ui/Name";
import { QrImage } from "@/ui/QrImage";
import { useNow } from "@/ui/hooks";

/** A code shown with less than this left could run out while someone scans it. */
const RENEW_BEFORE_MS = 5_000;

/** My QR code, large, renewed before it runs out and after it was used. Requests show below it. */
export function QrDialog({ onClose, inbox }: { onClose: () => void; inbox: ReactNode }) {
  const { t } = useTranslation();
  const me = useStore((state) => state.me);
  const requests = useStore(incomingRequests);
  const [shown, setShown] = useState<{ code: Code; endsAt: number } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const isMaking = useRef(false);
  const now = useNow(500);

  const renew = useCallback(() => {
    // A new code ends the one before it, so two at once would show a dead one.
    if (isMaking.current) return;
    isMaking.current = true;
    const askedAt = Date.now();
    makeQr()
      .then(
        (code) => {
          setError(null);
          // Counted from the local clock where it is right, else from a default life of five minutes.
          const left = Date.parse(code.expires_at) - askedAt;
          setShown({ code, endsAt: askedAt + (left > 0 && left < 3_600_000 ? left : 300_000) });
        },
        (failure: unknown) => setError(errorText(t, failure)),
      )
      .finally(() => {
        isMaking.current = false;
      });
  }, [t]);

  // Each new request means that the code on the screen has been used.
  useEffect(renew, [renew, requests.length]);
  const left = shown ? shown.endsAt - now : null;
  const isOver = left !== null && left < RENEW_BEFORE_MS;
  useEffect(() => {
    if (isOver) renew();
  }, [isOver, renew]);

  const name = nameOf(me ?? undefined);
  return (
    <Dialog title={t("qr.title")} closeLabel={t("common.close")} onClose={onClose} isTall>
      <div className="flex flex-1 flex-col items-center justify-center gap-4 pb-2">
        <div className="flex items-center gap-3">
          <Avatar name={name} seed={me?.id ?? ""} url={me?.avatar_url} size="sm" />
          <Name className="text-lg font-bold">{name}</Name>
        </div>
        <div className="flex aspect-square w-full max-w-72 items-center justify-center rounded-3xl bg-white p-5 shadow-soft">
          {shown && !error ? (
            <QrImage value={shown.code.url} label={t("qr.code", { name })} />
          ) : error ? (
            <span role="alert" className="flex flex-col items-center gap-3 text-center text-[#6a5b4d]">
              {error}
              <Button size="sm" onClick={renew} icon={<RefreshCw aria-hidden className="size-4" />}>
                {t("common.retry")}
              </Button>
            </span>
          ) : (
            <span className="animate-shimmer size-full rounded-2xl bg-[#f1e9dd]" />
          )}
        </div>
        {left !== null && (
          <p role="timer" className="text-sm font-semibold text-accent-strong tabular-nums">
            {t("qr.expires", { time: countdown(Math.floor(left / 1000)) })}
          </p>
        )}
        <p className="max-w-72 text-center text-sm text-ink-2">{t("qr.text")}</p>
        {shown && <CopyLink label={t("qr.link")} url={shown.code.url} copy={t("common.copyLink")} copied={t("common.copied")} />}
        {inbox}
      </div>
    </Dialog>
  );
}
