import { MessageSquareText } from "lucide-react";
import type { AnchorHTMLAttributes, ReactNode } from "react";

import type { Message } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { IconButton } from "@/ui/Button";

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  icon: ReactNode;
  /** Shows the message in its chat. */
  onShow: () => void;
}

/** Something that is opened, beside the way to its message. */
export function Row({ icon, onShow, children, ...link }: Props) {
  const { t } = useTranslation();
  return (
    <div className="mx-2 flex items-center gap-1 rounded-2xl pe-1 transition-colors hover:bg-sunken">
      <a {...link} className="flex min-w-0 flex-1 items-center gap-3 rounded-2xl px-2 py-2.5">
        <span aria-hidden className="flex size-12 shrink-0 flex-col items-center justify-center gap-0.5 overflow-hidden rounded-2xl bg-accent-soft text-accent-strong">
          {icon}
        </span>
        <span className="min-w-0 flex-1">{children}</span>
      </a>
      <IconButton label={t("viewer.show")} onClick={onShow}>
        <MessageSquareText aria-hidden className="size-5" />
      </IconButton>
    </div>
  );
}

/** Who wrote a message. */
export function useSender(message: Message): string {
  const { t } = useTranslation();
  return useStore((state) => (message.sender === state.me?.id ? t("message.you") : nameOf(state.users[message.sender ?? ""]) || t("system.someone")));
}
