import { Component, useEffect, type ReactNode } from "react";

import { LoginView } from "@/features/auth/LoginView";
import "@/i18n";
import { TranslationProvider, useTranslation } from "@/i18n/react";
import type { Messenger } from "@/messenger/messenger";
import { MessengerProvider, useSession } from "@/messenger/react";
import { StoreProvider } from "@/store/react";
import { Button } from "@/ui/Button";
import { Lazily, lazily } from "@/ui/Lazily";
import { useRoute } from "@/ui/hooks";

const readShell = () => import("@/shell/Shell").then((m) => m.Shell);
const Shell = lazily(readShell);
/** The login page has the line for itself so long; by then nobody has typed a code yet. */
const READ_AHEAD_MS = 3_000;

/** The whole client, around one messenger. */
export function App({ messenger }: { messenger: Messenger }) {
  return (
    <ErrorBoundary>
      <TranslationProvider>
        <MessengerProvider value={messenger}>
          <StoreProvider value={messenger.store}>
            <Gate />
          </StoreProvider>
        </MessengerProvider>
      </TranslationProvider>
    </ErrorBoundary>
  );
}

function Gate() {
  const { t } = useTranslation();
  const session = useSession();
  const route = useRoute();
  useEffect(() => {
    // The rest is read while the session starts, or while somebody logs in; what fails now is read again then.
    const timer = setTimeout(() => void readShell().catch(() => undefined), session === "out" ? READ_AHEAD_MS : 0);
    return () => clearTimeout(timer);
  }, [session]);
  if (session === "out") return <LoginView invite={route.at === "connect" || route.at === "join" ? route.at : null} />;
  const starting = <Splash label={t("app.starting")} />;
  return session === "starting" ? (
    starting
  ) : (
    <Lazily fallback={starting}>
      <Shell />
    </Lazily>
  );
}

/** What index.html shows before anything of us runs. */
function Splash({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="splash">
      <img src="/icon.svg" alt="" width="72" height="72" />
    </div>
  );
}

/** A mistake in a screen must not leave a white page. */
class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { t } = useTranslation();
  return (
    <main role="alert" className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      <h1 className="text-xl font-bold">{t("errors.crashedTitle")}</h1>
      <p className="text-ink-2">{t("errors.crashedText")}</p>
      <Button onClick={() => location.reload()}>{t("errors.reload")}</Button>
    </main>
  );
}
