import { Plus, X } from "lucide-react";
import { useState, type FormEvent } from "react";

import type { Id } from "@/api/types";
import { useTranslation } from "@/i18n/react";
import { useMessenger } from "@/messenger/react";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Switch } from "@/ui/Switch";
import { TextField } from "@/ui/TextField";

const OPTIONS_MAX = 12;

/** A question with answers to choose from. */
export function PollDialog({ chat, onClose }: { chat: Id; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [question, setQuestion] = useState("");
  const [options, setOptions] = useState(["", ""]);
  const [isMultiple, setMultiple] = useState(false);
  const [error, setError] = useState<string | null>(null);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const filled = options.map((option) => option.trim()).filter(Boolean);
    if (!question.trim() || new Set(filled).size < 2 || new Set(filled).size < filled.length) {
      setError(t("poll.needsTwo"));
      return;
    }
    const content = { question: question.trim(), options: filled, multiple: isMultiple, closes_at: null };
    messenger.sendContent(chat, { kind: "poll", content });
    onClose();
  }

  return (
    <Dialog title={t("poll.title")} closeLabel={t("common.close")} onClose={onClose}>
      <form onSubmit={submit} className="max-h-[75dvh] space-y-3 overflow-y-auto p-1">
        <TextField label={t("poll.question")} value={question} maxLength={255} onChange={(event) => setQuestion(event.target.value)} error={error} data-first />
        {options.map((option, index) => (
          <div key={index} className="flex items-end gap-1">
            <div className="flex-1">
              <TextField
                label={t("poll.option", { number: index + 1 })}
                value={option}
                maxLength={100}
                onChange={(event) => setOptions(options.map((one, at) => (at === index ? event.target.value : one)))}
              />
            </div>
            {options.length > 2 && (
              <IconButton label={t("poll.remove", { number: index + 1 })} onClick={() => setOptions(options.filter((_, at) => at !== index))}>
                <X aria-hidden className="size-5" />
              </IconButton>
            )}
          </div>
        ))}
        {options.length < OPTIONS_MAX && (
          <Button look="quiet" size="sm" icon={<Plus aria-hidden className="size-4" />} onClick={() => setOptions([...options, ""])}>
            {t("poll.add")}
          </Button>
        )}
        <Switch label={t("poll.multiple")} checked={isMultiple} onChange={setMultiple} />
        <Button type="submit" className="w-full">
          {t("poll.send")}
        </Button>
      </form>
    </Dialog>
  );
}
