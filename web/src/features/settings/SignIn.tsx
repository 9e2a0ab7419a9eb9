import { useState, type FormEvent } from "react";

import { changePassword, proveOwn, requestOwnCode } from "@/api/auth";
import { ApiError } from "@/api/http";
import type { Profile } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { SkeletonRows } from "@/ui/Skeleton";
import { TextField } from "@/ui/TextField";
import { toast } from "@/ui/Toaster";

type Kind = "email" | "phone";

/** The addresses that codes are sent to, and the password. */
export function SignIn() {
  const me = useStore((state) => state.me);
  if (!me) return <SkeletonRows rows={3} />;
  return (
    <div className="space-y-8">
      <Addresses me={me} />
      <PasswordForm />
    </div>
  );
}

function Addresses({ me }: { me: Profile }) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState<Kind | null>(null);
  return (
    <section>
      <ul className="divide-y divide-line rounded-3xl border border-line bg-raised px-5">
        {(["email", "phone"] as const).map((kind) => (
          <li key={kind} className="flex items-center gap-4 py-4">
            <div className="min-w-0 flex-1">
              <p className="text-sm text-ink-2">{t(`signIn.${kind}`)}</p>
              <p dir="auto" className="truncate font-semibold">
                {me[kind] ?? <span className="font-normal text-ink-2">{t("signIn.none")}</span>}
              </p>
            </div>
            <Button look="secondary" size="sm" aria-label={t(kindKey(kind, me))} onClick={() => setChanging(kind)}>
              {t(me[kind] ? "signIn.change" : "signIn.add")}
            </Button>
          </li>
        ))}
      </ul>
      <p className="mt-3 px-2 text-sm text-ink-2">{t("signIn.hint")}</p>
      {changing && <AddressDialog kind={changing} title={t(kindKey(changing, me))} onClose={() => setChanging(null)} />}
    </section>
  );
}

function kindKey(kind: Kind, me: Profile) {
  if (kind === "email") return me.email ? "signIn.changeEmail" : "signIn.addEmail";
  return me.phone ? "signIn.changePhone" : "signIn.addPhone";
}

/** When it comes; not at every change. */
const focus = (input: HTMLInputElement | null): void => input?.focus();

interface AddressProps {
  kind: Kind;
  title: string;
  onClose: () => void;
}

/** First the address, then the code that was sent there. */
function AddressDialog({ kind, title, onClose }: AddressProps) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [address, setAddress] = useState("");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      if (sentTo === null) {
        setSentTo((await requestOwnCode(address.trim())).identifier);
      } else {
        messenger.people.takeMe(await proveOwn(sentTo, code.trim()));
        toast(t("signIn.changed"));
        onClose();
        return;
      }
    } catch (failure) {
      setError(errorText(t, failure, { "400": t(sentTo === null ? "auth.badIdentifier" : "auth.wrongCode"), "409": t("signIn.taken"), "410": t("auth.spentCode") }));
    }
    setBusy(false);
  }

  return (
    <Dialog title={title} closeLabel={t("common.close")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4" noValidate>
        {sentTo === null ? (
          <TextField
            key="address"
            data-first
            label={t(kind === "email" ? "signIn.newEmail" : "signIn.newPhone")}
            error={error}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
            inputMode={kind === "email" ? "email" : "tel"}
            autoComplete={kind === "email" ? "email" : "tel"}
            dir="ltr"
          />
        ) : (
          <TextField
            key="code"
            ref={focus}
            label={t("auth.code")}
            hint={t("auth.codeSent", { identifier: sentTo })}
            error={error}
            value={code}
            onChange={(event) => setCode(event.target.value.replace(/\D/g, "").slice(0, 6))}
            inputMode="numeric"
            autoComplete="one-time-code"
            dir="ltr"
          />
        )}
        <Button type="submit" className="w-full" isBusy={isBusy} disabled={sentTo === null ? !address.trim() : code.length < 6}>
          {t(sentTo === null ? "signIn.sendCode" : "common.done")}
        </Button>
      </form>
    </Dialog>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [error, setError] = useState<{ field: "current" | "wanted"; text: string } | null>(null);
  const [state, setState] = useState<"idle" | "busy" | "saved">("idle");

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setState("busy");
    setError(null);
    try {
      messenger.people.takeMe(await changePassword(current, wanted));
      setCurrent("");
      setWanted("");
      setState("saved");
    } catch (failure) {
      const isCurrent = failure instanceof ApiError && /^(current_password_required|password_wrong)$/.test(failure.code);
      const text = errorText(t, failure, { current_password_required: t("signIn.needed"), password_wrong: t("signIn.wrong") });
      const why = failure instanceof ApiError ? failure.fields["password"]?.join(" ") : undefined;
      setError({ field: isCurrent ? "current" : "wanted", text: why ?? text });
      setState("idle");
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4" noValidate>
      <div className="px-2">
        <h2 className="font-bold">{t("signIn.password")}</h2>
        <p className="mt-1 text-sm text-ink-2">{t("signIn.passwordHint")}</p>
      </div>
      <TextField
        label={t("signIn.current")}
        hint={t("signIn.currentHint")}
        error={error?.field === "current" ? error.text : null}
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        type="password"
        autoComplete="current-password"
        dir="ltr"
      />
      <TextField
        label={t("signIn.wanted")}
        error={error?.field === "wanted" ? error.text : null}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        type="password"
        autoComplete="new-password"
        dir="ltr"
      />
      <div className="flex items-center gap-4">
        <Button type="submit" isBusy={state === "busy"} disabled={!wanted}>
          {t("signIn.set")}
        </Button>
        <span role="status" className="font-medium text-online">
          {state === "saved" && t("signIn.done")}
        </span>
      </div>
    </form>
  );
}
