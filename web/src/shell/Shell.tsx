import { MessagesSquare, Settings2 } from "lucide-react";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { WelcomeDialog } from "@/features/auth/WelcomeDialog";
import { ChatList } from "@/features/chats/ChatList";
import { Composer } from "@/features/composer/Composer";
import { RequestInbox } from "@/features/contacts/Requests";
import { ConversationView } from "@/features/conversation/ConversationView";
import { SettingsMenu } from "@/features/settings/SettingsMenu";
import { go, type Route } from "@/lib/route";
import { ConnectionBanner } from "@/shell/ConnectionBanner";
import { NavRail } from "@/shell/NavRail";
import { useStore } from "@/store/react";
import { totalUnread } from "@/store/selectors";
import { Blank } from "@/ui/Blank";
import { SkeletonRows } from "@/ui/Skeleton";
import { useRoute, useWide } from "@/ui/hooks";

// What is not on the first screen comes when it is asked for.
const PeopleView = lazy(() => import("@/features/contacts/PeopleView").then((m) => ({ default: m.PeopleView })));
const QrDialog = lazy(() => import("@/features/contacts/QrDialog").then((m) => ({ default: m.QrDialog })));
const ScanDialog = lazy(() => import("@/features/contacts/ScanDialog").then((m) => ({ default: m.ScanDialog })));
const SettingsPane = lazy(() => import("@/features/settings/SettingsPane").then((m) => ({ default: m.SettingsPane })));

/** The screens of someone who is logged in: sections, a list, and what was chosen from it. */
export function Shell() {
  const route = useRoute();
  const isWide = useWide();
  const [dialog, setDialog] = useState<"qr" | "scan" | null>(null);
  const [isWelcomed, setWelcomed] = useState(false);
  const isNameless = useStore((state) => state.me !== null && state.place !== null && state.me.name === "");
  useTitle();

  const hasDetail = (route.at === "chats" && route.chat !== null) || (route.at === "settings" && route.section !== null);
  // On a phone there is one pane, and it is the main one.
  const ListPane = isWide ? "div" : "main";
  const showQr = (): void => setDialog("qr");
  const scan = (): void => setDialog("scan");
  return (
    <div className="flex h-full flex-col">
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1 max-md:flex-col-reverse">
        {(isWide || !hasDetail) && <NavRail at={route.at} onShowQr={showQr} />}
        {(isWide || !hasDetail) && (
          <ListPane className="safe-top min-h-0 flex-1 bg-surface md:w-90 md:flex-none md:border-e md:border-line lg:w-100">
            <List route={route} onShowQr={showQr} onScan={scan} />
          </ListPane>
        )}
        {(isWide || hasDetail) && (
          <main className="h-full min-w-0 flex-1">
            <Detail route={route} />
          </main>
        )}
      </div>
      <Suspense>
        {dialog === "qr" && <QrDialog onClose={() => setDialog(null)} inbox={<RequestInbox onAccepted={() => setDialog(null)} />} />}
        {dialog === "scan" && <ScanDialog token={null} onClose={() => setDialog(null)} />}
        {route.at === "connect" && <ScanDialog key={route.token} token={route.token} onClose={() => go("/", true)} />}
      </Suspense>
      {isNameless && !isWelcomed && route.at !== "connect" && <WelcomeDialog onClose={() => setWelcomed(true)} />}
    </div>
  );
}

function List({ route, onShowQr, onScan }: { route: Route; onShowQr: () => void; onScan: () => void }) {
  if (route.at === "people") {
    return (
      <Suspense fallback={<SkeletonRows />}>
        <PeopleView onShowQr={onShowQr} onScan={onScan} />
      </Suspense>
    );
  }
  if (route.at === "settings") return <SettingsMenu open={route.section} />;
  return <ChatList openChat={route.at === "chats" ? route.chat : null} onShowQr={onShowQr} onScan={onScan} inbox={<RequestInbox />} />;
}

function Detail({ route }: { route: Route }) {
  const { t } = useTranslation();
  if (route.at === "chats" && route.chat) {
    return <ConversationView key={route.chat} id={route.chat} composer={<Composer key={route.chat} chat={route.chat} />} />;
  }
  if (route.at === "settings") {
    if (route.section) {
      return (
        <Suspense fallback={<SkeletonRows />}>
          <SettingsPane section={route.section} />
        </Suspense>
      );
    }
    return (
      <Placeholder>
        <Blank icon={<Settings2 className="size-9" />} title={t("settings.title")}>
          {t("settings.pick")}
        </Blank>
      </Placeholder>
    );
  }
  return (
    <Placeholder>
      <Blank icon={<MessagesSquare className="size-9" />} title={t("chats.pickTitle")}>
        {t("chats.pickText")}
      </Blank>
    </Placeholder>
  );
}

function Placeholder({ children }: { children: ReactNode }) {
  return <div className="wall flex h-full items-center justify-center">{children}</div>;
}

/** The number of unread messages stands in the tab's title. */
function useTitle(): void {
  const { t } = useTranslation();
  const unread = useStore(totalUnread);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread > 999 ? "999+" : unread}) ${t("app.name")}` : t("app.name");
    return () => {
      document.title = t("app.name");
    };
  }, [unread, t]);
}
