import { Pin } from "lucide-react";
import { useEffect, useState } from "react";

import { listPins } from "@/api/messages";
import type { Id, Message } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Preview } from "@/parts/preview";
import { shallowEqual, useStore } from "@/store/react";
import { pinnedIn } from "@/store/selectors";

/** What stands at the top of a chat: one at a time, and with each click the one before it. */
export function PinnedBar({ chat, onShow }: { chat: Id; onShow: (seq: number) => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [pins, setPins] = useState<Message[]>([]);
  const [at, setAt] = useState(0);
  // What is held says when something was pinned or taken down; the list itself says in which order.
  const held = useStore((state) => pinnedIn(state, chat), shallowEqual);
  const isOnline = useStore((state) => state.connection === "online");
  useEffect(() => {
    if (!isOnline) return;
    let isOn = true;
    listPins(chat).then(
      (page) => {
        if (!isOn) return;
        setPins(page.results);
        setAt(0);
      },
      // Nothing pinned is shown then; the next change asks again.
      () => undefined,
    );
    return () => {
      isOn = false;
    };
  }, [chat, held, isOnline, messenger]);

  const pin = pins[at];
  if (!pin) return null;
  return (
    <button
      type="button"
      aria-label={t("message.pinnedOf", { number: at + 1, count: pins.length })}
      onClick={() => {
        onShow(pin.seq);
        setAt((at + 1) % pins.length);
      }}
      className="flex min-h-12 w-full items-center gap-3 border-b border-line bg-surface px-5 py-1.5 text-start hover:bg-sunken"
    >
      <Pin aria-hidden className="size-4.5 shrink-0 text-accent-strong" />
      <span className="min-w-0 flex-1">
        <span className="block text-xs font-semibold text-accent-strong">
          {t("message.pinned")}
          {pins.length > 1 && ` ${at + 1}/${pins.length}`}
        </span>
        <span dir="auto" className="block truncate text-sm text-ink-2">
          <Preview message={pin} />
        </span>
      </span>
    </button>
  );
}
