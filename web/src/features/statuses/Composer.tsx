import { Send, Users, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";

import type { Medium } from "@/api/types";
import { AudienceDialog } from "@/features/statuses/AudienceDialog";
import { audienceOf, readChoice, rememberChoice } from "@/features/statuses/audience";
import { GROUNDS, paint } from "@/features/statuses/colours";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { newClientId } from "@/lib/ids";
import { UploadStopped } from "@/media/upload";
import { useMessenger } from "@/messenger/react";
import { NotShowable } from "@/messenger/statuses";
import { useStore } from "@/store/react";
import { Button } from "@/ui/Button";
import { Stage } from "@/ui/Stage";
import { StageButton } from "@/ui/StageButton";
import { classes } from "@/ui/classes";

const CHARS_MAX = 700;
/** Before this there is no need to count. */
const COUNTED_FROM = 600;

/** Makes a status: words on a colour, or a picture or film with words below. */
export function Composer({ file, onClose }: { file: File | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { statuses } = useMessenger();
  const contacts = useStore((state) => state.contacts);
  const [text, setText] = useState("");
  const [background, setBackground] = useState<string>(GROUNDS[0]);
  const [choice, setChoice] = useState(() => readChoice(new Set(Object.keys(contacts))));
  const [isChoosing, setChoosing] = useState(false);
  /** How much is uploaded, 0 to 1; null: nothing is being sent. */
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  // The same for every try with the same wishes, so that none is shown twice, nor uploaded.
  const attempt = useRef<{ wish: string; clientId: string; medium: Medium | null }>({ wish: "", clientId: "", medium: null });
  const upload = useRef<AbortController | null>(null);
  useEffect(() => () => upload.current?.abort("discard"), []);

  const isBusy = progress !== null;
  const isNobody = choice.mode === "only" && choice.people.length === 0;
  const isEmpty = !file && text.trim() === "";

  async function share(): Promise<void> {
    if (isNobody) {
      setChoosing(true);
      return;
    }
    setError(null);
    setProgress(0);
    upload.current = new AbortController();
    try {
      if (file) attempt.current.medium ??= await statuses.upload(file, setProgress, upload.current.signal);
      // What has arrived is not to be stopped any more.
      upload.current = null;
      const wish = JSON.stringify([text, background, choice]);
      if (attempt.current.wish !== wish) attempt.current = { ...attempt.current, wish, clientId: newClientId() };
      await statuses.post({ text: text.trim(), background, audience: audienceOf(choice) }, attempt.current.clientId, attempt.current.medium);
      onClose();
    } catch (failure) {
      setProgress(null);
      if (failure instanceof UploadStopped) return;
      setError(failure instanceof NotShowable ? t("statuses.compose.wrongFile") : errorText(t, failure));
    }
  }

  const who = choice.mode === "all" ? t("statuses.audience.all") : t(`statuses.audience.${choice.mode}Count`, { count: choice.people.length });
  return (
    <Stage label={t("statuses.compose.title")} onEscape={isBusy ? () => upload.current?.abort("discard") : onClose}>
      <form
        style={file ? undefined : paint(background)}
        className="relative flex h-full flex-col transition-colors duration-300"
        onSubmit={(event) => {
          event.preventDefault();
          void share();
        }}
      >
        <header className="safe-top flex items-center gap-2 px-3 py-2">
          <StageButton label={t("statuses.viewer.close")} look="bare" onClick={onClose}>
            <X aria-hidden className="size-6" />
          </StageButton>
          <h1 className="text-lg font-bold">{t("statuses.compose.title")}</h1>
        </header>
        {file ? (
          <Preview file={file} />
        ) : (
          <div className="flex min-h-0 flex-1 items-center justify-center px-6">
            <textarea
              dir="auto"
              data-first
              aria-label={t("statuses.compose.text")}
              placeholder={t("statuses.compose.placeholder")}
              value={text}
              maxLength={CHARS_MAX}
              disabled={isBusy}
              onChange={(event) => setText(event.target.value)}
              className={classes(
                "field-sizing-content max-h-full w-full max-w-2xl resize-none bg-transparent text-center leading-snug font-semibold outline-none placeholder:text-current/70",
                text.length <= 60 ? "text-4xl md:text-5xl" : text.length <= 200 ? "text-2xl md:text-4xl" : "text-lg md:text-2xl",
              )}
            />
          </div>
        )}
        <footer className="safe-bottom space-y-3 bg-stage/80 px-4 pt-3 text-stage-ink">
          {error && (
            <p role="alert" className="text-center font-medium text-[#ffb4a9]">
              {error}
            </p>
          )}
          {text.length >= COUNTED_FROM && <p className="text-center text-sm text-stage-ink-2">{t("statuses.compose.left", { count: CHARS_MAX - text.length })}</p>}
          {file ? (
            <input
              dir="auto"
              data-first
              aria-label={t("statuses.compose.caption")}
              placeholder={t("statuses.compose.caption")}
              value={text}
              maxLength={CHARS_MAX}
              disabled={isBusy}
              onChange={(event) => setText(event.target.value)}
              className="mx-auto block h-12 w-full max-w-2xl rounded-full bg-stage-2 px-5 outline-offset-2 placeholder:text-stage-ink-2"
            />
          ) : (
            <Swatches value={background} onChange={setBackground} />
          )}
          <div className="mx-auto flex max-w-2xl items-center gap-3 pb-4">
            <button
              type="button"
              disabled={isBusy}
              onClick={() => setChoosing(true)}
              className="flex min-h-11 min-w-0 items-center gap-2 rounded-full bg-stage-2 px-4 text-sm font-semibold enabled:hover:bg-stage-3"
            >
              <Users aria-hidden className="size-4.5 shrink-0" />
              <span className="truncate">{t("statuses.audience.button", { who })}</span>
            </button>
            <span className="flex-1" />
            {isBusy && file && (
              <span role="progressbar" aria-label={t("statuses.compose.title")} aria-valuenow={Math.round(progress * 100)} className="text-sm text-stage-ink-2 tabular-nums">
                {t("statuses.compose.posting", { percent: Math.round(progress * 100) })}
              </span>
            )}
            {isBusy && file ? (
              <StageButton label={t("statuses.compose.cancel")} onClick={() => upload.current?.abort("discard")}>
                <X aria-hidden className="size-5" />
              </StageButton>
            ) : (
              <Button type="submit" isBusy={isBusy} disabled={isEmpty} className="disabled:bg-stage-2! disabled:text-stage-ink-2!" icon={<Send aria-hidden className="size-4.5 rtl:-scale-x-100" />}>
                {t("statuses.compose.post")}
              </Button>
            )}
          </div>
        </footer>
      </form>
      {isChoosing && (
        <AudienceDialog
          choice={choice}
          onChoose={(chosen) => {
            rememberChoice(chosen);
            setChoice(chosen);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </Stage>
  );
}

function Swatches({ value, onChange }: { value: string; onChange: (ground: string) => void }) {
  const { t } = useTranslation();
  return (
    <div role="radiogroup" aria-label={t("statuses.compose.colours")} className="flex flex-wrap justify-center gap-0.5 sm:gap-1.5">
      {GROUNDS.map((ground, index) => (
        <button
          key={ground}
          type="button"
          role="radio"
          aria-checked={ground === value}
          aria-label={t("statuses.compose.colour", { number: index + 1 })}
          onClick={() => onChange(ground)}
          className="flex size-10 items-center justify-center rounded-full"
        >
          <span style={{ backgroundColor: ground }} className={classes("rounded-full border-2 transition-all", ground === value ? "size-9 border-stage-ink" : "size-7 border-stage-ink/40")} />
        </button>
      ))}
    </div>
  );
}

/** The file as far as this browser can show it. */
function Preview({ file }: { file: File }) {
  const { t } = useTranslation();
  const [isBroken, setBroken] = useState(false);
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <div className="flex min-h-0 flex-1 items-center justify-center p-3">
      {isBroken ? (
        <p className="max-w-80 text-center text-stage-ink-2">{t("statuses.compose.noPreview")}</p>
      ) : file.type.startsWith("video/") ? (
        // One's own film, before anybody has seen it.
        // eslint-disable-next-line jsx-a11y/media-has-caption
        <video src={url} controls playsInline aria-label={file.name} onError={() => setBroken(true)} className="max-h-full max-w-full rounded-2xl" />
      ) : (
        <img src={url} alt={file.name} onError={() => setBroken(true)} className="max-h-full max-w-full rounded-2xl object-contain" />
      )}
    </div>
  );
}
