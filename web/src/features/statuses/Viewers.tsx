import { useEffect, useState } from "react";

import type { StatusView } from "@/api/statuses";
import type { Id } from "@/api/types";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { moment } from "@/lib/time";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Dialog } from "@/ui/Dialog";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";

const NONE: readonly StatusView[] = [];

/** Who has looked at a status of mine. */
export function Viewers({ status, onClose }: { status: Id; onClose: () => void }) {
  const { t } = useTranslation();
  const { statuses } = useMessenger();
  const views = useStore((state) => state.statuses.views[status] ?? NONE);
  const users = useStore((state) => state.users);
  const tells = useStore((state) => state.me?.privacy.read_receipts !== false);
  const [state, setState] = useState<"loading" | "failed" | "read">("loading");
  useEffect(() => {
    statuses.readViews(status).then(
      () => setState("read"),
      () => setState("failed"),
    );
  }, [statuses, status]);

  return (
    <Dialog title={t("statuses.viewer.viewsTitle")} closeLabel={t("common.close")} onClose={onClose}>
      {!tells && <p className="pb-2 text-ink-2">{t("statuses.viewer.viewsHidden")}</p>}
      {state === "failed" && (
        <p role="alert" className="pb-2 text-danger">
          {t("statuses.viewer.viewsFailed")}
        </p>
      )}
      {state === "loading" && views.length === 0 && <SkeletonRows rows={2} />}
      {state === "read" && tells && views.length === 0 && <p className="text-ink-2">{t("statuses.viewer.viewsNone")}</p>}
      <ul aria-label={t("statuses.viewer.viewsTitle")} className="-mx-2 max-h-[50dvh] overflow-y-auto">
        {views.map((view) => (
          <li key={view.user} className="flex items-center gap-3 px-2 py-2">
            <Avatar name={nameOf(users[view.user])} seed={view.user} url={users[view.user]?.avatar_url} size="sm" />
            <Name className="min-w-0 flex-1 font-semibold">{nameOf(users[view.user])}</Name>
            <time dateTime={view.at} className="shrink-0 text-sm text-ink-2">
              {moment(view.at, locale())}
            </time>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
