import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LoginView } from "@/features/auth/LoginView";
import "@/i18n";
import type { Messenger } from "@/messenger/messenger";
import { MessengerProvider, useSession } from "@/messenger/react";
import { Shell } from "@/shell/Shell";
import { StoreProvider } from "@/store/react";
import { Button } from "@/ui/Button";
import { useRoute } from "@/ui/hooks";

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
  if (session === "in") return <Shell />;
  if (session === "out") return <LoginView hasInvite={route.at === "connect"} />;
  return (
    <p role="status" className="sr-only">
      {t("app.starting")}
    </p>
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
