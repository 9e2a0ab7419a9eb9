import { MapPin, UserRound } from "lucide-react";

import type { ContactCard, Place } from "@/api/content";
import type { LinkPreview } from "@/api/types";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Name } from "@/ui/Name";

/** A place, by name and numbers; the map is another site's and opens only when asked for. */
export function PlaceView({ place }: { place: Place }) {
  const { t } = useTranslation();
  const numbers = `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`;
  const href = `https://www.openstreetmap.org/?mlat=${place.lat}&mlon=${place.lon}#map=16/${place.lat}/${place.lon}`;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="flex w-64 max-w-full items-center gap-3 py-1">
      <span aria-hidden className="flex size-12 shrink-0 items-center justify-center rounded-2xl bg-accent-soft text-accent-strong">
        <MapPin className="size-6" />
      </span>
      <span className="min-w-0">
        <Name className="font-semibold">{place.name ?? t("message.location")}</Name>
        <span className="block text-sm text-ink-2 tabular-nums">{numbers}</span>
        <span className="block text-sm font-semibold text-seen">{t("message.openLocation")}</span>
      </span>
    </a>
  );
}

/** Someone who was passed on. */
export function ContactView({ contact }: { contact: ContactCard }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const user = useStore((state) => (contact.user ? state.users[contact.user] : undefined));
  const isMine = useStore((state) => contact.user !== null && contact.user in state.contacts);
  const name = contact.name ?? (nameOf(user) || t("message.contact"));

  async function open(id: string): Promise<void> {
    await attempt(async () => go(chatPath(await messenger.people.chatWith(id))));
  }

  return (
    <div className="w-64 max-w-full py-1">
      <div className="flex items-center gap-3">
        {user ? (
          <Avatar name={name} seed={user.id} url={user.avatar_url} />
        ) : (
          <span aria-hidden className="flex size-12 shrink-0 items-center justify-center rounded-full bg-sunken text-ink-2">
            <UserRound className="size-6" />
          </span>
        )}
        <span className="min-w-0">
          <Name className="font-semibold">{name}</Name>
          {contact.phones.map((phone) => (
            <a key={phone} href={`tel:${phone.replace(/[^+\d]/g, "")}`} dir="ltr" className="block truncate text-start text-sm text-seen">
              {phone}
            </a>
          ))}
          {user && (
            <span dir="ltr" className="block truncate text-start text-sm text-ink-2">
              @{user.username}
            </span>
          )}
        </span>
      </div>
      {isMine && contact.user && (
        <Button look="secondary" size="sm" className="mt-2 w-full" onClick={() => void open(contact.user ?? "")}>
          {t("message.chatWith")}
        </Button>
      )}
    </div>
  );
}

/** What the page behind a link says of itself. Where it leads is said by its address alone. */
export function LinkView({ preview }: { preview: LinkPreview }) {
  const { t } = useTranslation();
  const host = hostOf(preview.url);
  if (!host) return null;
  return (
    <a
      href={preview.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      aria-label={`${t("message.previewOf", { host })}: ${preview.title}`}
      className="mt-1.5 mb-1 block rounded-xl border-s-4 border-seen bg-ink/6 px-3 py-2 text-sm transition hover:bg-ink/10"
    >
      <span dir="auto" className="line-clamp-2 font-semibold">
        {preview.title}
      </span>
      {preview.description && (
        <span dir="auto" className="mt-0.5 line-clamp-3 text-ink-2">
          {preview.description}
        </span>
      )}
      <span dir="ltr" className="mt-0.5 block truncate text-start text-xs text-ink-2">
        {host}
      </span>
    </a>
  );
}

function hostOf(url: string): string | null {
  try {
    const { protocol, host } = new URL(url);
    return /^https?:$/.test(protocol) ? host : null;
  } catch {
    return null;
  }
}
