import { Camera, ChartColumn, Clock, FileText, Image, MapPin, Plus, UserRound } from "lucide-react";

import { useTranslation } from "@/i18n/react";
import { isTouch } from "@/lib/touch";
import { IconButton } from "@/ui/Button";
import { Menu, type MenuItem } from "@/ui/Menu";

export type Attachment = "media" | "camera" | "file" | "poll" | "location" | "contact" | "later";

/** What else can be sent; a text that stands there can also be sent later. */
export function AttachMenu({ hasText, onPick }: { hasText: boolean; onPick: (what: Attachment) => void }) {
  const { t } = useTranslation();
  const icon = "size-5";
  const items: (MenuItem | false)[] = [
    { label: t("attach.media"), icon: <Image aria-hidden className={icon} />, onSelect: () => onPick("media") },
    // Where there is a finger there is a camera; elsewhere the chooser would open twice.
    isTouch() && { label: t("attach.camera"), icon: <Camera aria-hidden className={icon} />, onSelect: () => onPick("camera") },
    { label: t("attach.file"), icon: <FileText aria-hidden className={icon} />, onSelect: () => onPick("file") },
    { label: t("composer.poll"), icon: <ChartColumn aria-hidden className={icon} />, onSelect: () => onPick("poll") },
    { label: t("composer.location"), icon: <MapPin aria-hidden className={icon} />, onSelect: () => onPick("location") },
    { label: t("composer.contact"), icon: <UserRound aria-hidden className={icon} />, onSelect: () => onPick("contact") },
    hasText && { label: t("composer.later"), icon: <Clock aria-hidden className={icon} />, onSelect: () => onPick("later") },
  ];
  return (
    <Menu
      label={t("composer.attach")}
      trigger={
        <IconButton label={t("composer.attach")}>
          <Plus aria-hidden className="size-5.5" />
        </IconButton>
      }
      items={items.filter((item) => item !== false)}
    />
  );
}
