import { BellRing, CircleFadingPlus, MessagesSquare, PhoneCall, Settings2 } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ChatList } from "@/features/chats/ChatList";
import { RequestInbox } from "@/features/contacts/Requests";
import { go, type Panel, type Route } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { ConnectionBanner } from "@/shell/ConnectionBanner";
import { NavRail } from "@/shell/NavRail";
import { useShortcuts } from "@/shell/shortcuts";
import { UpdateBanner } from "@/shell/UpdateBanner";
import { useBadge } from "@/shell/badge";
import { useStore } from "@/store/react";
import { Blank } from "@/ui/Blank";
import { SkeletonBubbles, SkeletonRows } from "@/ui/Skeleton";
import { Toaster } from "@/ui/Toaster";
import { classes } from "@/ui/classes";
import { useRoute, useWide } from "@/ui/hooks";

// What is not on the first screen comes when it is asked for; a conversation soon will be.
const readConversation = () => import("@/shell/conversation");
const ChatPane = lazy(() => readConversation().then((m) => ({ default: m.ChatPane })));
const SettingsMenu = lazy(() => import("@/features/settings/SettingsMenu").then((m) => ({ default: m.SettingsMenu })));
const WelcomeDialog = lazy(() => import("@/features/auth/WelcomeDialog").then((m) => ({ default: m.WelcomeDialog })));
const PeopleView = lazy(() => import("@/features/contacts/PeopleView").then((m) => ({ default: m.PeopleView })));
const QrDialog = lazy(() => import("@/features/contacts/QrDialog").then((m) => ({ default: m.QrDialog })));
const ScanDialog = lazy(() => import("@/features/contacts/ScanDialog").then((m) => ({ default: m.ScanDialog })));
const NewGroupDialog = lazy(() => import("@/features/groups/NewGroupDialog").then((m) => ({ default: m.NewGroupDialog })));
const JoinDialog = lazy(() => import("@/features/groups/JoinDialog").then((m) => ({ default: m.JoinDialog })));
const NotificationsView = lazy(() => import("@/features/notifications/NotificationsView").then((m) => ({ default: m.NotificationsView })));
const NotificationLayer = lazy(() => import("@/features/notifications/NotificationLayer").then((m) => ({ default: m.NotificationLayer })));
const InfoPanel = lazy(() => import("@/features/groups/InfoPanel").then((m) => ({ default: m.InfoPanel })));
const SearchPanel = lazy(() => import("@/features/search/SearchPanel").then((m) => ({ default: m.SearchPanel })));
const StarredPanel = lazy(() => import("@/features/search/StarredPanel").then((m) => ({ default: m.StarredPanel })));
const SharedPanel = lazy(() => import("@/features/shared/SharedPanel").then((m) => ({ default: m.SharedPanel })));
const FoundMessages = lazy(() => import("@/features/search/FoundMessages").then((m) => ({ default: m.FoundMessages })));
const CallLayer = lazy(() => import("@/features/calls/CallLayer").then((m) => ({ default: m.CallLayer })));
const CallsView = lazy(() => import("@/features/calls/CallsView").then((m) => ({ default: m.CallsView })));
const ShortcutsDialog = lazy(() => import("@/parts/ShortcutsDialog").then((m) => ({ default: m.ShortcutsDialog })));
const StatusesView = lazy(() => import("@/features/statuses/StatusesView").then((m) => ({ default: m.StatusesView })));
const SettingsPane = lazy(() => import("@/features/settings/SettingsPane").then((m) => ({ default: m.SettingsPane })));

/** The screens of someone who is logged in: sections, a list, and what was chosen from it. */
export function Shell() {
  const route = useRoute();
  const isWide = useWide();
  const [dialog, setDialog] = useState<"qr" | "scan" | "group" | "shortcuts" | null>(null);
  const [isWelcomed, setWelcomed] = useState(false);
  const isNameless = useStore((state) => state.me !== null && state.place !== null && state.me.name === "");
  useBadge();
  useShortcuts(useCallback(() => setDialog("shortcuts"), []));
  // Opening a chat must not wait for code.
  useEffect(() => void readConversation(), []);

  const hasDetail = (route.at === "chats" && route.chat !== null) || (route.at === "settings" && route.section !== null);
  const panel = route.at === "chats" && route.chat ? route.panel : null;
  const showQr = (): void => setDialog("qr");
  const scan = (): void => setDialog("scan");
  const joinBy = (token: string): void => {
    setDialog(null);
    go(`/j/${token}`, true);
  };
  return (
    <div className="flex h-full flex-col">
      <CallsOnTop />
      <ConnectionBanner />
      <UpdateBanner />
      <div className="flex min-h-0 flex-1 max-md:flex-col-reverse">
        {(isWide || !hasDetail) && <NavRail at={route.at} onShowQr={showQr} />}
        {(isWide || !hasDetail) && (
          // On a phone there is one pane, and it is the main one. The same element stays when a phone is turned.
          <div role={isWide ? undefined : "main"} className="safe-top min-h-0 flex-1 bg-surface md:w-80 md:flex-none md:border-e md:border-line lg:w-100">
            <List route={route} onShowQr={showQr} onScan={scan} onNewGroup={() => setDialog("group")} />
          </div>
        )}
        {(isWide || hasDetail) && (
          <main className={classes("h-full min-w-0 flex-1", panel && "max-lg:hidden")}>
            <Detail route={route} />
          </main>
        )}
        {panel && route.at === "chats" && route.chat && (
          <div className="h-full min-w-0 flex-1 lg:w-96 lg:flex-none lg:border-s lg:border-line">
            <Suspense fallback={<SkeletonRows />}>
              <Beside key={route.chat} chat={route.chat} panel={panel} />
            </Suspense>
          </div>
        )}
      </div>
      <Suspense>
        {dialog === "qr" && <QrDialog onClose={() => setDialog(null)} inbox={<RequestInbox onAccepted={() => setDialog(null)} />} />}
        {dialog === "scan" && <ScanDialog token={null} onClose={() => setDialog(null)} onInvite={joinBy} />}
        {dialog === "shortcuts" && <ShortcutsDialog onClose={() => setDialog(null)} />}
        {dialog === "group" && <NewGroupDialog onClose={() => setDialog(null)} />}
        {route.at === "connect" && <ScanDialog key={route.token} token={route.token} onClose={() => go("/", true)} onInvite={joinBy} />}
        {route.at === "join" && <JoinDialog key={route.token} token={route.token} onClose={() => go("/", true)} />}
        {isNameless && !isWelcomed && route.at !== "connect" && route.at !== "join" && <WelcomeDialog onClose={() => setWelcomed(true)} />}
      </Suspense>
      <Suspense>
        <NotificationLayer />
      </Suspense>
      <Toaster />
    </div>
  );
}

/** Nothing before the first call. */
function CallsOnTop() {
  const { calls: desk } = useMessenger();
  const calls = useSyncExternalStore(desk.subscribe, desk.get);
  return <Suspense>{calls && <CallLayer calls={calls} />}</Suspense>;
}

function Beside({ chat, panel }: { chat: string; panel: Panel }) {
  if (panel === "search") return <SearchPanel chat={chat} />;
  if (panel === "starred") return <StarredPanel chat={chat} />;
  if (panel === "shared") return <SharedPanel chat={chat} />;
  return <InfoPanel id={chat} />;
}

interface ListProps {
  route: Route;
  onShowQr: () => void;
  onScan: () => void;
  onNewGroup: () => void;
}

const found = (query: string): ReactNode => (
  <Suspense fallback={<SkeletonRows rows={3} />}>
    <FoundMessages query={query} />
  </Suspense>
);

function List({ route, onShowQr, onScan, onNewGroup }: ListProps) {
  if (route.at === "people") {
    return (
      <Suspense fallback={<SkeletonRows />}>
        <PeopleView onShowQr={onShowQr} onScan={onScan} />
      </Suspense>
    );
  }
  if (route.at === "calls") {
    return (
      <Suspense fallback={<SkeletonRows />}>
        <CallsView />
      </Suspense>
    );
  }
  if (route.at === "statuses") {
    return (
      <Suspense fallback={<SkeletonRows />}>
        <StatusesView open={route.user} />
      </Suspense>
    );
  }
  if (route.at === "notifications") {
    return (
      <Suspense fallback={<SkeletonRows />}>
        <NotificationsView />
      </Suspense>
    );
  }
  if (route.at === "settings") {
    return (
      <Suspense fallback={<SkeletonRows />}>
        <SettingsMenu open={route.section} />
      </Suspense>
    );
  }
  return <ChatList openChat={route.at === "chats" ? route.chat : null} onShowQr={onShowQr} onScan={onScan} onNewGroup={onNewGroup} inbox={<RequestInbox />} found={found} />;
}

function Detail({ route }: { route: Route }) {
  const { t } = useTranslation();
  if (route.at === "chats" && route.chat) {
    return (
      <Suspense fallback={<SkeletonBubbles />}>
        <ChatPane key={route.chat} id={route.chat} />
      </Suspense>
    );
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
  if (route.at === "statuses") {
    return (
      <Placeholder>
        <Blank icon={<CircleFadingPlus className="size-9" />} title={t("statuses.pickTitle")}>
          {t("statuses.pickText")}
        </Blank>
      </Placeholder>
    );
  }
  if (route.at === "calls") {
    return (
      <Placeholder>
        <Blank icon={<PhoneCall className="size-9" />} title={t("calls.log.pickTitle")}>
          {t("calls.log.pickText")}
        </Blank>
      </Placeholder>
    );
  }
  if (route.at === "notifications") {
    return (
      <Placeholder>
        <Blank icon={<BellRing className="size-9" />} title={t("notifications.pickTitle")}>
          {t("notifications.pickText")}
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
