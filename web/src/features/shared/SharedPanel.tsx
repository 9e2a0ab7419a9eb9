import { useState } from "react";

import type { SharedKind } from "@/api/shared";
import type { Id } from "@/api/types";
import { FileList } from "@/features/shared/FileList";
import { LinkList } from "@/features/shared/LinkList";
import { MediaGrid } from "@/features/shared/MediaGrid";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { chatPath, go } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { Panel } from "@/ui/Panel";
import { Tabs } from "@/ui/Tabs";

const LISTS = { media: MediaGrid, files: FileList, links: LinkList } as const;

/** All that was shared in a chat, beside it: pictures and films, files, links. */
export function SharedPanel({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const [kind, setKind] = useState<SharedKind>("media");
  const List = LISTS[kind];

  async function show(seq: number): Promise<void> {
    go(chatPath(chat));
    await attempt(() => messenger.history.show(chat, seq));
  }

  return (
    <Panel title={t("shared.title")} closeLabel={t("common.close")} onClose={() => go(chatPath(chat, "info"))}>
      <Tabs label={t("shared.title")} tabs={(["media", "files", "links"] as const).map((key) => ({ key, name: t(`shared.${key}`) }))} chosen={kind} onChoose={setKind}>
        <List chat={chat} onShow={(seq) => void show(seq)} />
      </Tabs>
    </Panel>
  );
}
