import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";

import { requestCode } from "@/api/auth";
import { ApiError } from "@/api/http";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { countdown } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/TextField";
import { useNow } from "@/ui/hooks";

/** What the link that was opened leads to once someone is logged in. */
type Invited = "connect" | "join" | null;

interface Asked {
  identifier: string;
  /** Local milliseconds from which another code may be asked for. */
  resendAt: number;
}

/** A wait this short means that a code is on its way already; a longer one is a limit. */
const SHORT_WAIT_SECONDS = 180;

/** Log in by a code (first where to send it, then the code), or by a password. */
export function LoginView({ invite }: { invite: Invited }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [byPassword, setByPassword] = useState(false);
  return (
    <main className="wall safe-top safe-bottom flex h-full flex-col items-center overflow-y-auto p-5">
      <div className="my-auto w-full max-w-sm py-8">
        <Mark />
        <div className="rounded-[2rem] bg-surface p-6 shadow-lift sm:p-8">
          {asked && <CodeStep key={asked.identifier} asked={asked} onAsked={setAsked} onBack={() => setAsked(null)} />}
          {!asked && byPassword && <PasswordStep onBack={() => setByPassword(false)} />}
          {!asked && !byPassword && <IdentifierStep invite={invite} onAsked={setAsked} onPassword={() => setByPassword(true)} />}
        </div>
      </div>
    </main>
  );
}

function Mark() {
  const { t } = useTranslation();
  return (
    <div className="mb-6 flex items-center justify-center gap-3">
      <img src="/icon.svg" alt="" className="size-12" />
      <span className="text-2xl font-extrabold tracking-tight">{t("app.name")}</span>
    </div>
  );
}

/** Asks for a code; inside the cooldown one is on its way, and the person can go on to enter it. */
async function ask(identifier: string): Promise<Asked> {
  try {
    const sent = await requestCode(identifier);
    return { identifier: sent.identifier || identifier, resendAt: Date.now() + sent.resend_in * 1000 };
  } catch (error) {
    const wait = error instanceof ApiError && error.status === 429 ? error.retryAfter : null;
    if (wait === null || wait > SHORT_WAIT_SECONDS) throw error;
    return { identifier, resendAt: Date.now() + wait * 1000 };
  }
}

interface IdentifierProps {
  invite: Invited;
  onAsked: (asked: Asked) => void;
  onPassword: () => void;
}

function IdentifierStep({ invite, onAsked, onPassword }: IdentifierProps) {
  const { t } = useTranslation();
  const [identifier, setIdentifier] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!identifier.trim()) {
      setError(t("auth.badIdentifier"));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      onAsked(await ask(identifier.trim()));
    } catch (failure) {
      setError(errorText(t, failure, { "400": t("auth.badIdentifier") }));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-5" noValidate>
      <Heading title={t("auth.title")}>{invite === null ? t("auth.lead") : t(invite === "join" ? "auth.groupWaiting" : "auth.inviteWaiting")}</Heading>
      <TextField
        label={t("auth.identifier")}
        hint={t("auth.identifierHint")}
        error={error}
        value={identifier}
        onChange={(event) => setIdentifier(event.target.value)}
        type="text"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="you@example.com"
        dir="ltr"
      />
      <Button type="submit" className="w-full" isBusy={isBusy}>
        {t("auth.continue")}
      </Button>
      <Button look="quiet" size="sm" className="w-full" onClick={onPassword}>
        {t("auth.byPassword")}
      </Button>
    </form>
  );
}

function PasswordStep({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const input = useRef<HTMLInputElement>(null);
  const [identifier, setIdentifier] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => input.current?.focus(), []);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await messenger.logIn(identifier.trim(), { password });
    } catch (failure) {
      setError(errorText(t, failure, { credentials_invalid: t("auth.wrongPassword") }));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-5" noValidate>
      <Heading title={t("auth.passwordTitle")}>{t("auth.passwordLead")}</Heading>
      <TextField
        ref={input}
        label={t("auth.anyIdentifier")}
        value={identifier}
        onChange={(event) => setIdentifier(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
      />
      <TextField
        label={t("auth.password")}
        error={error}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        type="password"
        autoComplete="current-password"
        dir="ltr"
      />
      <Button type="submit" className="w-full" isBusy={isBusy} disabled={!identifier.trim() || !password}>
        {t("auth.logIn")}
      </Button>
      <Button look="quiet" size="sm" className="w-full" onClick={onBack}>
        {t("auth.byCode")}
      </Button>
    </form>
  );
}

interface CodeProps {
  asked: Asked;
  onAsked: (asked: Asked) => void;
  onBack: () => void;
}

function CodeStep({ asked, onAsked, onBack }: CodeProps) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const input = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const wait = Math.ceil((asked.resendAt - useNow(1000)) / 1000);

  useEffect(() => input.current?.focus(), []);

  async function logIn(whole: string): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await messenger.logIn(asked.identifier, { code: whole });
    } catch (failure) {
      setError(errorText(t, failure, { otp_invalid: t("auth.wrongCode"), "410": t("auth.spentCode") }));
      setCode("");
      setBusy(false);
      input.current?.focus();
    }
  }

  async function resend(): Promise<void> {
    setError(null);
    try {
      onAsked(await ask(asked.identifier));
    } catch (failure) {
      setError(errorText(t, failure));
    }
  }

  function change(text: string): void {
    const digits = text.replace(/\D/g, "").slice(0, 6);
    setCode(digits);
    if (digits.length === 6 && !isBusy) void logIn(digits);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === 6) void logIn(code);
      }}
      className="space-y-5"
    >
      <Heading title={t("auth.codeTitle")}>{t("auth.codeSent", { identifier: asked.identifier })}</Heading>
      <TextField
        ref={input}
        label={t("auth.code")}
        error={error}
        value={code}
        onChange={(event) => change(event.target.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        readOnly={isBusy}
        dir="ltr"
        placeholder="••••••"
        className="text-center font-mono text-2xl tracking-[0.45em]"
      />
      <Button type="submit" className="w-full" isBusy={isBusy} disabled={code.length < 6}>
        {t("auth.logIn")}
      </Button>
      <div className="flex flex-col items-center gap-1">
        <Button look="quiet" size="sm" disabled={wait > 0} onClick={() => void resend()}>
          {wait > 0 ? t("auth.resendIn", { time: countdown(wait) }) : t("auth.resend")}
        </Button>
        <Button look="quiet" size="sm" onClick={onBack}>
          {t("auth.change")}
        </Button>
      </div>
    </form>
  );
}

function Heading({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h1 className="text-3xl font-extrabold tracking-tight">{title}</h1>
      <p className="mt-1.5 text-ink-2">{children}</p>
    </div>
  );
}
