import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState, type ComponentType } from "react";

import { ApiError } from "@/api/http";
import { AccountSettings } from "@/features/settings/AccountSettings";
import { Appearance } from "@/features/settings/Appearance";
import { Blocked } from "@/features/settings/Blocked";
import { ConnectionTest } from "@/features/settings/ConnectionTest";
import { Devices } from "@/features/settings/Devices";
import { NotificationSettings } from "@/features/settings/NotificationSettings";
import { PrivacySettings } from "@/features/settings/PrivacySettings";
import { ProfileForm } from "@/features/settings/ProfileForm";
import { SignIn } from "@/features/settings/SignIn";
import { useTranslation } from "@/i18n/react";
import { go } from "@/lib/route";
import { IconButton } from "@/ui/Button";

const sections = {
  profile: ProfileForm,
  signIn: SignIn,
  notifications: NotificationSettings,
  privacy: PrivacySettings,
  devices: Devices,
  appearance: Appearance,
  blocked: Blocked,
  connection: ConnectionTest,
  account: AccountSettings,
} as const satisfies Record<string, ComponentType>;

// What is asked for when looked at and shown as answered; live things stand in the store.
function newClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: (count, error) => !(error instanceof ApiError) && count < 2 } } });
}

function isSection(name: string): name is keyof typeof sections {
  return name in sections;
}

/** One section of the settings. */
export function SettingsPane({ section }: { section: string }) {
  const { t } = useTranslation();
  // Not for longer than the settings are open: the next person must not see what this one was answered.
  const [client] = useState(newClient);
  if (!isSection(section)) return null;
  const Section = sections[section];
  return (
    <section aria-label={t(`settings.${section}`)} className="flex h-full flex-col bg-surface">
      <header className="safe-top border-b border-line">
        <div className="flex min-h-16 items-center gap-2 px-3 md:px-6">
          <IconButton label={t("common.back")} onClick={() => go("/settings")} className="-ms-1 md:hidden">
            <ArrowLeft aria-hidden className="size-5.5 rtl:-scale-x-100" />
          </IconButton>
          <h1 className="text-lg font-bold">{t(`settings.${section}`)}</h1>
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-xl p-5 md:p-8">
          <QueryClientProvider client={client}>
            <Section />
          </QueryClientProvider>
        </div>
      </div>
    </section>
  );
}
