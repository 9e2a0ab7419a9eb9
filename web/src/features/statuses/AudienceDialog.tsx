import { useMemo, useState } from "react";

import type { Choice, Mode } from "@/features/statuses/audience";
import { useTranslation } from "@/i18n/react";
import { Picker } from "@/parts/Picker";
import { useStore } from "@/store/react";
import { contactList, nameOf } from "@/store/selectors";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { classes } from "@/ui/classes";

const modes: readonly Mode[] = ["all", "except", "only"];

interface Props {
  choice: Choice;
  onChoose: (choice: Choice) => void;
  onClose: () => void;
}

/** For whom a status is. */
export function AudienceDialog({ choice, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const contacts = useStore(contactList);
  const users = useStore((state) => state.users);
  const [mode, setMode] = useState(choice.mode);
  const [people, setPeople] = useState(choice.people);
  const choices = useMemo(() => contacts.map(({ user }) => ({ id: user, name: nameOf(users[user]), seed: user, url: users[user]?.avatar_url })), [contacts, users]);
  const isNobody = mode === "only" && people.length === 0;

  return (
    <Dialog title={t("statuses.audience.title")} closeLabel={t("common.close")} onClose={onClose} isTall>
      <div className="flex min-h-0 flex-1 flex-col gap-4">
        <div role="radiogroup" aria-label={t("statuses.audience.title")} className="space-y-1">
          {modes.map((one) => (
            <button
              key={one}
              type="button"
              role="radio"
              aria-checked={mode === one}
              onClick={() => setMode(one)}
              className={classes("flex w-full items-center gap-4 rounded-2xl px-4 py-3 text-start transition-colors", mode === one ? "bg-accent-soft" : "hover:bg-sunken")}
            >
              <span aria-hidden className={classes("flex size-5 shrink-0 items-center justify-center rounded-full border-2", mode === one ? "border-accent" : "border-ink-3")}>
                {mode === one && <span className="size-2.5 rounded-full bg-accent" />}
              </span>
              <span>
                <span className="block font-medium">{t(`statuses.audience.${one}`)}</span>
                <span className="block text-sm text-ink-2">{t(`statuses.audience.${one}Hint`)}</span>
              </span>
            </button>
          ))}
        </div>
        {mode !== "all" && (
          <Picker
            label={t("statuses.audience.whom")}
            choices={choices}
            chosen={people}
            onToggle={(id) => setPeople((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id]))}
            empty={t("statuses.audience.none")}
          />
        )}
        {isNobody && <p className="text-sm text-ink-2">{t("statuses.audience.nobody")}</p>}
        <Button
          className="mt-auto w-full"
          disabled={isNobody}
          onClick={() => {
            onChoose({ mode, people: mode === "all" ? [] : people });
            onClose();
          }}
        >
          {t("common.done")}
        </Button>
      </div>
    </Dialog>
  );
}
