import { Component, lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import "@/i18n";
import type { Messenger } from "@/messenger/messenger";
import { MessengerProvider, useSession } from "@/messenger/react";
import { StoreProvider } from "@/store/react";
import { Button } from "@/ui/Button";
import { useRoute } from "@/ui/hooks";

// Read while the session starts.
const shell = import("@/shell/Shell");
const LoginView = lazy(() => import("@/features/auth/LoginView").then((m) => ({ default: m.LoginView })));
const Shell = lazy(() => shell.then((m) => ({ default: m.Shell })));

/** The whole client, around one messenger. */
export function App({ messenger }: { messenger: Messenger }) {
  return (
    <ErrorBoundary>
      <MessengerProvider value={messenger}>
        <StoreProvider value={messenger.store}>
          <Gate />
        </StoreProvider>
      </MessengerProvider>
    </ErrorBoundary>
  );
}

function Gate() {
  const { t } = useTranslation();
  const session = useSession();
  const route = useRoute();
  const starting = (
    <p role="status" className="sr-only">
      {t("app.starting")}
    </p>
  );
  if (session === "starting") return starting;
  return (
    <Suspense fallback={starting}>
      {session === "in" ? <Shell /> : <LoginView invite={route.at === "connect" || route.at === "join" ? route.at : null} />}
    </Suspense>
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
