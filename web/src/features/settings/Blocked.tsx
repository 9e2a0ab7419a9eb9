import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban } from "lucide-react";

import { listBlocks, unblock } from "@/api/connections";
import type { Id, User } from "@/api/types";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { nameOf } from "@/store/selectors";
import { Avatar } from "@/ui/Avatar";
import { Blank } from "@/ui/Blank";
import { Button } from "@/ui/Button";
import { Name } from "@/ui/Name";
import { SkeletonRows } from "@/ui/Skeleton";

const key = ["blocks"];

/** Whom I blocked. */
export function Blocked() {
  const { t } = useTranslation();
  const blocks = useQuery({ queryKey: key, queryFn: listBlocks });
  if (blocks.isPending) return <SkeletonRows rows={3} />;
  if (blocks.isError) {
    return (
      <p role="alert" className="text-danger">
        {errorText(t, blocks.error)}
      </p>
    );
  }
  const { results, users } = blocks.data;
  if (results.length === 0) return <Blank icon={<Ban className="size-9" />} title={t("settings.noBlocked")} />;
  return (
    <ul className="divide-y divide-line rounded-3xl border border-line bg-raised px-5">
      {results.map(({ user }) => (
        <BlockedItem key={user} id={user} user={users[user]} />
      ))}
    </ul>
  );
}

function BlockedItem({ id, user }: { id: Id; user: User | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const name = nameOf(user);
  const lift = useMutation({ mutationFn: () => unblock(id), onSettled: () => client.invalidateQueries({ queryKey: key }) });
  return (
    <li className="flex items-center gap-4 py-3">
      <Avatar name={name} seed={id} url={user?.avatar_url} />
      <span className="min-w-0 flex-1">
        <Name className="font-semibold">{name}</Name>
      </span>
      <Button look="secondary" size="sm" aria-label={t("settings.unblockLabel", { name })} isBusy={lift.isPending} onClick={() => lift.mutate()}>
        {t("settings.unblock")}
      </Button>
    </li>
  );
}
