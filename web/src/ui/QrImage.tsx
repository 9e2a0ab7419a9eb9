import { QRCode } from "react-qr-code";

/** A QR code, dark on white in either theme, as cameras want it. */
export function QrImage({ value, label }: { value: string; label: string }) {
  return <QRCode value={value} level="M" bgColor="#ffffff" fgColor="#261d15" role="img" aria-label={label} className="size-full" />;
}
