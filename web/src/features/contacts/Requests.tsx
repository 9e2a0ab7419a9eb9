import { Hourglass } from "lucide-react";
import { useState } from "react";

import type { ConnectionRequest } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { go } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { incomingRequests, nameOf, outgoingRequests } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Name } from "@/ui/Name";

/** Who wants to connect with me; nothing where nobody does. */
export function RequestInbox({ onAccepted }: { onAccepted?: () => void }) {
  const { t } = useTranslation();
  const requests = useStore(incomingRequests);
  if (requests.length === 0) return null;
  return (
    <section aria-label={t("people.incoming")} className="w-full space-y-2">
      {requests.map((request) => (
        <Incoming key={request.id} request={request} onAccepted={onAccepted} />
      ))}
    </section>
  );
}

function Incoming({ request, onAccepted }: { request: ConnectionRequest; onAccepted: (() => void) | undefined }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const user = useStore((state) => state.users[request.from]);
  const [busy, setBusy] = useState<"accept" | "reject" | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function answer(kind: "accept" | "reject"): Promise<void> {
    setBusy(kind);
    setError(null);
    try {
      await messenger.people[kind](request.id);
      if (kind === "reject") return;
      onAccepted?.();
      go(`/chats/${encodeURIComponent(await messenger.people.chatWith(request.from))}`);
    } catch (failure) {
      setError(errorText(t, failure));
      setBusy(null);
    }
  }

  return (
    <div className="animate-rise rounded-3xl border border-accent/30 bg-accent-soft p-4">
      <div className="flex items-center gap-3">
        <Avatar name={nameOf(user)} seed={request.from} url={user?.avatar_url} />
        <p className="min-w-0 flex-1">
          <span className="block text-xs font-semibold text-accent-strong">{t("people.incoming")}</span>
          <Name className="font-bold">{nameOf(user)}</Name>
          {user && (
            <span dir="ltr" className="block truncate text-start text-sm text-ink-2">
              @{user.username}
            </span>
          )}
        </p>
      </div>
      {error && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {error}
        </p>
      )}
      <div className="mt-3 flex gap-2">
        <Button size="sm" className="flex-1" isBusy={busy === "accept"} disabled={busy !== null} onClick={() => void answer("accept")}>
          {t("people.accept")}
        </Button>
        <Button size="sm" look="secondary" className="flex-1 bg-surface!" isBusy={busy === "reject"} disabled={busy !== null} onClick={() => void answer("reject")}>
          {t("people.reject")}
        </Button>
      </div>
    </div>
  );
}

/** Whom I asked and who has not answered yet. */
export function RequestOutbox() {
  const { t } = useTranslation();
  const requests = useStore(outgoingRequests);
  if (requests.length === 0) return null;
  return (
    <section aria-label={t("people.outgoing")}>
      {requests.map((request) => (
        <Outgoing key={request.id} request={request} />
      ))}
    </section>
  );
}

function Outgoing({ request }: { request: ConnectionRequest }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const user = useStore((state) => state.users[request.to]);
  const [isBusy, setBusy] = useState(false);
  return (
    <div className="flex items-center gap-3 rounded-2xl px-3 py-2.5">
      <Avatar name={nameOf(user)} seed={request.to} url={user?.avatar_url} />
      <p className="min-w-0 flex-1">
        <Name className="font-semibold">{nameOf(user)}</Name>
        <span className="flex items-center gap-1.5 text-sm text-ink-2">
          <Hourglass aria-hidden className="size-3.5" />
          {t("people.outgoing")}
        </span>
      </p>
      <Button
        look="secondary"
        size="sm"
        isBusy={isBusy}
        onClick={() => {
          setBusy(true);
          // Settled meanwhile: the list shows it in any case.
          void messenger.people.withdraw(request.id).catch(() => setBusy(false));
        }}
      >
        {t("people.withdraw")}
      </Button>
    </div>
  );
}
