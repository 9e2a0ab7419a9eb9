import { Link2 } from "lucide-react";
import { useMemo } from "react";

import type { Id, Message } from "@/api/types";
import { Months } from "@/features/shared/Months";
import { Row, useSender } from "@/features/shared/Row";
import { locale } from "@/i18n/locale";
import { useTranslation } from "@/i18n/react";
import { listTime } from "@/lib/time";
import { linksOf, useShared } from "@/parts/shared";
import { Blank } from "@/ui/Blank";
import { SkeletonRows } from "@/ui/Skeleton";

/** Addresses with what stood beside them; a click opens one in a tab of its own. */
export function LinkList({ chat, onShow }: { chat: Id; onShow: (seq: number) => void }) {
  const { t } = useTranslation();
  const shared = useShared(chat, "links");
  const items = useMemo(() => (shared.messages ?? []).flatMap((message) => linksOf(message.text).map((href) => ({ message, href }))), [shared.messages]);
  return (
    <Months
      shared={shared}
      items={items}
      skeleton={<SkeletonRows rows={5} />}
      blank={
        <Blank icon={<Link2 className="size-9" />} title={t("shared.noLinks")}>
          {t("shared.linksHint")}
        </Blank>
      }
    >
      {(month) => (
        <ul>
          {month.map(({ message, href }) => (
            <li key={`${message.seq} ${href}`}>
              <Link message={message} href={href} onShow={() => onShow(message.seq)} />
            </li>
          ))}
        </ul>
      )}
    </Months>
  );
}

function Link({ message, href, onShow }: { message: Message; href: string; onShow: () => void }) {
  const sender = useSender(message);
  // What the page says of itself stands beside its address: where it leads, that alone says.
  const title = message.preview?.url === href ? message.preview.title : null;
  const said = (message.text ?? "").trim();
  const isMore = linksOf(said).length > 1 || said.length > href.length;
  return (
    <Row icon={<Link2 className="size-6" />} onShow={onShow} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {title && (
        <span dir="auto" className="line-clamp-2 font-semibold">
          {title}
        </span>
      )}
      <span dir="ltr" className={title ? "block truncate text-start text-sm text-seen" : "line-clamp-2 text-start font-medium wrap-anywhere text-seen"}>
        {href.replace(/^https?:\/\//i, "").replace(/\/$/, "")}
      </span>
      {isMore && (
        <span dir="auto" className="line-clamp-2 text-sm text-ink-2 wrap-anywhere">
          {said}
        </span>
      )}
      <span className="flex gap-1.5 text-sm text-ink-2">
        <bdi className="truncate">{sender}</bdi>·
        <time dateTime={message.created_at} className="shrink-0">
          {listTime(message.created_at, locale())}
        </time>
      </span>
    </Row>
  );
}
