import { Ban, Bell, ChevronRight, FileArchive, Keyboard, KeyRound, LaptopMinimal, LogOut, Palette, RadioTower, Shield, UserRound } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { ShortcutsDialog } from "@/parts/ShortcutsDialog";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Name } from "@/ui/Name";
import { classes } from "@/ui/classes";

const sections = [
  { id: "profile", Icon: UserRound },
  { id: "signIn", Icon: KeyRound },
  { id: "notifications", Icon: Bell },
  { id: "privacy", Icon: Shield },
  { id: "devices", Icon: LaptopMinimal },
  { id: "appearance", Icon: Palette },
  { id: "blocked", Icon: Ban },
  { id: "connection", Icon: RadioTower },
  { id: "account", Icon: FileArchive },
] as const;

/** The list of settings, with oneself on top and the way out at the end. */
export function SettingsMenu({ open }: { open: string | null }) {
  const { t } = useTranslation();
  const me = useStore((state) => state.me);
  const [isListing, setListing] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  return (
    <section aria-label={t("settings.title")} className="flex h-full flex-col">
      <header className="flex min-h-17 items-center px-5 pt-2">
        <h1 className="text-2xl font-extrabold tracking-tight">{t("settings.title")}</h1>
      </header>
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-3 pb-6">
        {me && (
          <a href="#/settings/profile" className="flex items-center gap-4 rounded-3xl bg-raised p-4 shadow-soft">
            <Avatar name={nameOf(me)} seed={me.id} url={me.avatar_url} />
            <span className="min-w-0">
              <Name className="text-lg font-bold">{nameOf(me)}</Name>
              <span className="block truncate text-sm text-ink-2">@{me.username}</span>
            </span>
          </a>
        )}
        <nav aria-label={t("settings.title")} className="space-y-1">
          {sections.map(({ id, Icon }) => (
            <a
              key={id}
              href={`#/settings/${id}`}
              aria-current={open === id ? "page" : undefined}
              className={classes("flex min-h-14 items-center gap-4 rounded-2xl px-4 font-medium transition-colors", open === id ? "bg-accent-soft" : "hover:bg-sunken")}
            >
              <Icon aria-hidden className="size-5 text-ink-2" />
              {t(`settings.${id}`)}
              <ChevronRight aria-hidden className="ms-auto size-5 text-ink-3 rtl:-scale-x-100" />
            </a>
          ))}
          <button type="button" onClick={() => setListing(true)} className="flex min-h-14 w-full items-center gap-4 rounded-2xl px-4 font-medium transition-colors hover:bg-sunken max-md:hidden">
            <Keyboard aria-hidden className="size-5 text-ink-2" />
            {t("shortcuts.title")}
          </button>
          <button type="button" onClick={() => setLeaving(true)} className="flex min-h-14 w-full items-center gap-4 rounded-2xl px-4 font-medium text-danger transition-colors hover:bg-danger-soft">
            <LogOut aria-hidden className="size-5" />
            {t("settings.logOut")}
          </button>
        </nav>
      </div>
      {isListing && <ShortcutsDialog onClose={() => setListing(false)} />}
      {isLeaving && <LogOutDialog onClose={() => setLeaving(false)} />}
    </section>
  );
}

function LogOutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const hasUnsent = useStore((state) => state.outbox.length > 0);
  const [isBusy, setBusy] = useState(false);
  return (
    <Dialog title={t("settings.logOutTitle")} closeLabel={t("common.close")} onClose={onClose}>
      <p className="text-ink-2">{t("settings.logOutText")}</p>
      {hasUnsent && <p className="mt-2 font-medium text-danger">{t("settings.logOutUnsent")}</p>}
      <div className="mt-5 flex justify-end gap-2">
        <Button look="secondary" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button
          look="danger"
          isBusy={isBusy}
          onClick={() => {
            setBusy(true);
            void messenger.logOut();
          }}
        >
          {t("settings.logOut")}
        </Button>
      </div>
    </Dialog>
  );
}
