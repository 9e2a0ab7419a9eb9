import { BellRing, CircleFadingPlus, MessagesSquare, PhoneCall, Settings2 } from "lucide-react";
import { useCallback, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";

import { ChatList } from "@/features/chats/ChatList";
import { RequestInbox } from "@/features/contacts/Requests";
import { PushOffer } from "@/features/notifications/PushOffer";
import { useTranslation } from "@/i18n/react";
import { whenIdle } from "@/lib/idle";
import { go, type Panel, type Route } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { ConnectionBanner } from "@/shell/ConnectionBanner";
import { NavRail } from "@/shell/NavRail";
import { useShortcuts } from "@/shell/shortcuts";
import { UpdateBanner } from "@/shell/UpdateBanner";
import { useBadge } from "@/shell/badge";
import { useStore } from "@/store/react";
import { Blank } from "@/ui/Blank";
import { Lazily, lazily } from "@/ui/Lazily";
import { SkeletonBubbles, SkeletonRows } from "@/ui/Skeleton";
import { Toaster } from "@/ui/Toaster";
import { classes } from "@/ui/classes";
import { useRoute, useWide } from "@/ui/hooks";

// What is not on the first screen comes when it is asked for; a conversation soon will be.
const readConversation = () => import("@/shell/conversation");
const ChatPane = lazily(() => readConversation().then((m) => m.ChatPane));
const SettingsMenu = lazily(() => import("@/features/settings/SettingsMenu").then((m) => m.SettingsMenu));
const WelcomeDialog = lazily(() => import("@/features/auth/WelcomeDialog").then((m) => m.WelcomeDialog));
const PeopleView = lazily(() => import("@/features/contacts/PeopleView").then((m) => m.PeopleView));
const QrDialog = lazily(() => import("@/features/contacts/QrDialog").then((m) => m.QrDialog));
const ScanDialog = lazily(() => import("@/features/contacts/ScanDialog").then((m) => m.ScanDialog));
const NewGroupDialog = lazily(() => import("@/features/groups/NewGroupDialog").then((m) => m.NewGroupDialog));
const JoinDialog = lazily(() => import("@/features/groups/JoinDialog").then((m) => m.JoinDialog));
const NotificationsView = lazily(() => import("@/features/notifications/NotificationsView").then((m) => m.NotificationsView));
const NotificationLayer = lazily(() => import("@/features/notifications/NotificationLayer").then((m) => m.NotificationLayer));
const InfoPanel = lazily(() => import("@/features/groups/InfoPanel").then((m) => m.InfoPanel));
const SearchPanel = lazily(() => import("@/features/search/SearchPanel").then((m) => m.SearchPanel));
const StarredPanel = lazily(() => import("@/features/search/StarredPanel").then((m) => m.StarredPanel));
const SharedPanel = lazily(() => import("@/features/shared/SharedPanel").then((m) => m.SharedPanel));
const FoundMessages = lazily(() => import("@/features/search/FoundMessages").then((m) => m.FoundMessages));
const CallLayer = lazily(() => import("@/features/calls/CallLayer").then((m) => m.CallLayer));
const CallsView = lazily(() => import("@/features/calls/CallsView").then((m) => m.CallsView));
const ShortcutsDialog = lazily(() => import("@/parts/ShortcutsDialog").then((m) => m.ShortcutsDialog));
const StatusesView = lazily(() => import("@/features/statuses/StatusesView").then((m) => m.StatusesView));
const SettingsPane = lazily(() => import("@/features/settings/SettingsPane").then((m) => m.SettingsPane));

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
  useEffect(() => whenIdle(() => void readConversation().catch(() => undefined)), []);

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
      <PushOffer />
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
            <Lazily key={`${route.chat} ${panel}`} fallback={<SkeletonRows />}>
              <Beside chat={route.chat} panel={panel} />
            </Lazily>
          </div>
        )}
      </div>
      <Lazily key={dialog} onClose={() => setDialog(null)}>
        {dialog === "qr" && <QrDialog onClose={() => setDialog(null)} inbox={<RequestInbox onAccepted={() => setDialog(null)} />} />}
        {dialog === "scan" && <ScanDialog token={null} onClose={() => setDialog(null)} onInvite={joinBy} />}
        {dialog === "shortcuts" && <ShortcutsDialog onClose={() => setDialog(null)} />}
        {dialog === "group" && <NewGroupDialog onClose={() => setDialog(null)} />}
      </Lazily>
      <Lazily key={route.at} onClose={() => go("/", true)}>
        {route.at === "connect" && <ScanDialog key={route.token} token={route.token} onClose={() => go("/", true)} onInvite={joinBy} />}
        {route.at === "join" && <JoinDialog key={route.token} token={route.token} onClose={() => go("/", true)} />}
      </Lazily>
      {isNameless && !isWelcomed && route.at !== "connect" && route.at !== "join" && (
        <Lazily onClose={() => setWelcomed(true)}>
          <WelcomeDialog onClose={() => setWelcomed(true)} />
        </Lazily>
      )}
      <div>
        <Lazily>
          <NotificationLayer />
        </Lazily>
      </div>
      <Toaster />
    </div>
  );
}

/** Nothing before the first call. */
function CallsOnTop() {
  const { calls: desk } = useMessenger();
  const calls = useSyncExternalStore(desk.subscribe, desk.get);
  return (
    <div>
      <Lazily>{calls && <CallLayer calls={calls} />}</Lazily>
    </div>
  );
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
  <Lazily fallback={<SkeletonRows rows={3} />}>
    <FoundMessages query={query} />
  </Lazily>
);

function List({ route, onShowQr, onScan, onNewGroup }: ListProps) {
  if (route.at === "people") {
    return (
      <Lazily key="people" fallback={<SkeletonRows />}>
        <PeopleView onShowQr={onShowQr} onScan={onScan} />
      </Lazily>
    );
  }
  if (route.at === "calls") {
    return (
      <Lazily key="calls" fallback={<SkeletonRows />}>
        <CallsView />
      </Lazily>
    );
  }
  if (route.at === "statuses") {
    return (
      <Lazily key="statuses" fallback={<SkeletonRows />}>
        <StatusesView open={route.user} />
      </Lazily>
    );
  }
  if (route.at === "notifications") {
    return (
      <Lazily key="notifications" fallback={<SkeletonRows />}>
        <NotificationsView />
      </Lazily>
    );
  }
  if (route.at === "settings") {
    return (
      <Lazily key="settings" fallback={<SkeletonRows />}>
        <SettingsMenu open={route.section} />
      </Lazily>
    );
  }
  return <ChatList openChat={route.at === "chats" ? route.chat : null} onShowQr={onShowQr} onScan={onScan} onNewGroup={onNewGroup} inbox={<RequestInbox />} found={found} />;
}

function Detail({ route }: { route: Route }) {
  const { t } = useTranslation();
  if (route.at === "chats" && route.chat) {
    return (
      <Lazily key={route.chat} fallback={<SkeletonBubbles />}>
        <ChatPane id={route.chat} />
      </Lazily>
    );
  }
  if (route.at === "settings") {
    if (route.section) {
      return (
        <Lazily key={route.section} fallback={<SkeletonRows />}>
          <SettingsPane section={route.section} />
        </Lazily>
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
