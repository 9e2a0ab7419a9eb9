import { Camera as CameraIcon, PartyPopper, Send } from "lucide-react";
import { useRef, useState, type FormEvent } from "react";

import type { Id } from "@/api/types";
import { Camera } from "@/features/contacts/Camera";
import { errorText } from "@/i18n/errors";
import { useTranslation } from "@/i18n/react";
import { go } from "@/lib/route";
import { connectToken, inviteToken } from "@/lib/text";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { nameOf } from "@/store/selectors";
import { Blank } from "@/ui/Blank";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/TextField";

interface Props {
  /** A token from a link that was opened; it is only sent when the person says so. */
  token: string | null;
  onClose: () => void;
  /** It was an invite to a group. */
  onInvite: (token: string) => void;
}

/** Connect with someone: by camera, by a pasted code or link, or by a link that was opened. */
export function ScanDialog({ token, onClose, onInvite }: Props) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const [text, setText] = useState("");
  const [isCameraOn, setCameraOn] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [sentTo, setSentTo] = useState<Id | null>(null);
  // The camera reads the same code many times a second: each is tried once.
  const tried = useRef(new Set<string>());

  async function connect(wanted: string): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      setSentTo(await messenger.people.scan(wanted));
    } catch (failure) {
      setError(
        errorText(t, failure, {
          "410": t("scan.errorGone"),
          "409": t("scan.errorConnected"),
          "400": t("scan.errorOwn"),
        }),
      );
    } finally {
      setBusy(false);
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const invite = inviteToken(text);
    if (invite) {
      onInvite(invite);
      return;
    }
    const found = connectToken(text);
    if (found) void connect(found);
    else setError(t("scan.notACode"));
  }

  function onRead(read: string): void {
    const invite = inviteToken(read);
    if (invite) {
      onInvite(invite);
      return;
    }
    const found = connectToken(read);
    if (!found || tried.current.has(found)) return;
    tried.current.add(found);
    void connect(found);
  }

  return (
    <Dialog title={token ? t("scan.confirmTitle") : t("scan.title")} closeLabel={t("common.close")} onClose={onClose} isTall={!token}>
      {sentTo ? (
        <Sent to={sentTo} onClose={onClose} />
      ) : token ? (
        <div className="space-y-4">
          <p className="text-ink-2">{t("scan.confirmText")}</p>
          {error && <Problem>{error}</Problem>}
          <div className="flex justify-end gap-2">
            <Button look="secondary" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button isBusy={isBusy} onClick={() => void connect(token)}>
              {t("scan.connect")}
            </Button>
          </div>
        </div>
      ) : (
        <div className="flex flex-1 flex-col gap-5 pt-1">
          {isCameraOn ? (
            <Camera onRead={onRead} />
          ) : (
            <button
              type="button"
              onClick={() => setCameraOn(true)}
              className="flex aspect-[5/3] w-full flex-col items-center justify-center gap-3 rounded-3xl border-2 border-dashed border-line bg-sunken font-semibold text-accent-strong transition hover:border-accent"
            >
              <CameraIcon aria-hidden className="size-9" />
              {t("scan.cameraStart")}
            </button>
          )}
          <p className="flex items-center gap-3 text-sm text-ink-2 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t("scan.or")}</p>
          <form onSubmit={submit} className="space-y-4">
            <TextField
              label={t("scan.paste")}
              error={error}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                setError(null);
              }}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              dir="ltr"
            />
            <Button type="submit" className="w-full" isBusy={isBusy} disabled={!text.trim()}>
              {t("scan.connect")}
            </Button>
          </form>
        </div>
      )}
    </Dialog>
  );
}

function Problem({ children }: { children: string }) {
  return (
    <p role="alert" className="rounded-2xl bg-danger-soft px-4 py-3 text-danger">
      {children}
    </p>
  );
}

/** The request is on its way; it turns into a connection before one's eyes when it is accepted. */
function Sent({ to, onClose }: { to: Id; onClose: () => void }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const isConnected = useStore((state) => to in state.contacts);
  const name = useStore((state) => nameOf(state.users[to]));

  async function open(): Promise<void> {
    const chat = await messenger.people.chatWith(to);
    onClose();
    go(`/chats/${encodeURIComponent(chat)}`);
  }

  if (isConnected) {
    return (
      <Blank icon={<PartyPopper className="size-9" />} title={t("scan.connectedTitle", { name })} action={<Button onClick={() => void open()}>{t("people.open", { name })}</Button>}>
        {t("scan.connectedText")}
      </Blank>
    );
  }
  return (
    <Blank icon={<Send className="size-9" />} title={t("scan.sentTitle")} action={<Button onClick={onClose}>{t("common.done")}</Button>}>
      {t("scan.sentText")}
    </Blank>
  );
}
