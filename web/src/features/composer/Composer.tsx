import { Check, SendHorizontal } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";

import type { Id } from "@/api/types";
import { AttachMenu, type Attachment } from "@/features/composer/AttachMenu";
import { ContextBar } from "@/features/composer/ContextBar";
import { DropZone } from "@/features/composer/DropZone";
import { FileInput } from "@/features/composer/FileInput";
import { callBefore, MentionList, type Call } from "@/features/composer/MentionList";
import { MicButton, type Hold } from "@/features/composer/MicButton";
import { ScheduledBar } from "@/features/composer/ScheduledBar";
import { useAttempt } from "@/i18n/attempt";
import { useTranslation } from "@/i18n/react";
import { isTouch } from "@/lib/touch";
import { canRecord } from "@/media/recorder";
import { useMessenger } from "@/messenger/react";
import { messageAt } from "@/store/log";
import { useStore } from "@/store/react";
import { messagesOf, titleOf } from "@/store/selectors";
import { IconButton } from "@/ui/Button";
import { Lazily, lazily } from "@/ui/Lazily";

const PollDialog = lazily(() => import("@/features/composer/PollDialog").then((m) => m.PollDialog));
const LocationDialog = lazily(() => import("@/features/composer/LocationDialog").then((m) => m.LocationDialog));
const ContactDialog = lazily(() => import("@/features/composer/ContactDialog").then((m) => m.ContactDialog));
const LaterDialog = lazily(() => import("@/features/composer/LaterDialog").then((m) => m.LaterDialog));

const readFileSheet = () => import("@/features/composer/FileSheet");
const readRecorder = () => import("@/features/composer/Recorder");
const FileSheet = lazily(() => readFileSheet().then((m) => m.FileSheet));
const Recorder = lazily(() => readRecorder().then((m) => m.Recorder));

const MAX_LENGTH = 10_000;
/** Where the field grows with its text by style alone; elsewhere it is measured at each key. */
const GROWS = "fieldSizing" in document.documentElement.style;

/** Where a message is written. The draft stands in the store, so each chat keeps its own. */
export function Composer({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const attempt = useAttempt();
  const input = useRef<HTMLTextAreaElement>(null);
  const draft = useStore((state) => state.drafts[chat] ?? "");
  const composing = useStore((state) => state.composing[chat] ?? null);
  const about = useStore((state) => (composing ? messageAt(state.logs[chat], composing.seq) : null));
  const edited = composing?.kind === "edit" ? about : null;
  const [call, setCall] = useState<Call | null>(null);
  const name = useStore((state) => (state.chats[chat] ? titleOf(state, state.chats[chat]) : ""));
  // Files to look at before they are sent; each choice is a list of its own.
  const [chosen, setChosen] = useState<{ files: readonly File[]; isUntouched: boolean } | null>(null);
  const [hold, setHold] = useState<Hold | null>(null);
  const mediaInput = useRef<HTMLInputElement>(null);
  const cameraInput = useRef<HTMLInputElement>(null);
  const fileInput = useRef<HTMLInputElement>(null);
  const [dialog, setDialog] = useState<Attachment | null>(null);
  // What an edit makes of its message; the draft waits meanwhile.
  const [edit, setEdit] = useState<{ seq: number; text: string; isBusy: boolean } | null>(null);
  if (edited && edit?.seq !== edited.seq) setEdit({ seq: edited.seq, text: edited.text ?? "", isBusy: false });
  else if (!edited && edit) setEdit(null);
  const text = edited && edit ? edit.text : draft;
  const hasText = text.trim() !== "";
  // What was said to a file may be taken back altogether.
  const canSend = hasText || (edited !== null && edited.kind !== "text");

  useLayoutEffect(() => {
    const field = input.current;
    if (GROWS || !field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);

  useEffect(() => {
    // On a phone the keyboard would cover the chat that was just opened.
    if (!isTouch()) focusAtEnd(input.current);
  }, [chat]);
  const { kind, seq } = composing ?? {};
  useEffect(() => {
    if (kind !== undefined) focusAtEnd(input.current);
  }, [kind, seq]);

  // Files are chosen, and a voice is recorded, without a network too.
  useEffect(() => {
    readFileSheet().catch(() => undefined);
    readRecorder().catch(() => undefined);
  }, []);

  function write(next: string): void {
    if (edited && edit) setEdit({ ...edit, text: next });
    else messenger.draft(chat, next);
  }

  function note(): void {
    const field = input.current;
    setCall(field && field.selectionStart === field.selectionEnd ? callBefore(field.value, field.selectionStart) : null);
  }

  async function save(): Promise<void> {
    if (!edited || !edit) return;
    if (edit.text === edited.text) {
      messenger.compose(chat, null);
      return;
    }
    setEdit({ ...edit, isBusy: true });
    if (await attempt(() => messenger.acts.edit(chat, edit.seq, edit.text))) messenger.compose(chat, null);
    else setEdit({ ...edit, isBusy: false });
  }

  function send(): void {
    if (!canSend || edit?.isBusy) return;
    setCall(null);
    if (edited) void save();
    else messenger.sendText(chat, text);
    input.current?.focus();
  }

  function choose(files: readonly File[]): void {
    setChosen({ files, isUntouched: false });
  }

  function attach(what: Attachment): void {
    if (what === "media") mediaInput.current?.click();
    else if (what === "camera") cameraInput.current?.click();
    else if (what === "file") fileInput.current?.click();
    else setDialog(what);
  }

  function endRecording(): void {
    setHold(null);
    if (!isTouch()) requestAnimationFrame(() => input.current?.focus());
  }

  function mention(username: string): void {
    if (!call) return;
    const next = `${text.slice(0, call.start)}@${username} ${text.slice(call.end)}`;
    const place = call.start + username.length + 2;
    write(next);
    setCall(null);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(place, place);
    });
  }

  function editLast(): void {
    const state = messenger.store.getState();
    const last = messagesOf(state, chat).findLast((one) => one.sender === state.me?.id && one.kind === "text" && !one.deleted_at);
    if (last) messenger.compose(chat, { kind: "edit", seq: last.seq });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && composing) {
      event.stopPropagation();
      messenger.compose(chat, null);
    } else if (event.key === "ArrowUp" && !event.altKey && !text && !composing) {
      event.preventDefault();
      editLast();
    } else if (event.key === "Enter" && !event.shiftKey && !isTouch()) {
      // On a touch keyboard Enter is the only way to a new line.
      event.preventDefault();
      send();
    }
  }

  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        className="safe-bottom relative border-t border-line bg-surface"
      >
        {call && <MentionList chat={chat} call={call} input={input} onPick={mention} onClose={() => setCall(null)} />}
        <ScheduledBar chat={chat} />
        {composing && about && <ContextBar composing={composing} message={about} onCancel={() => messenger.compose(chat, null)} />}
        <div className="flex items-end gap-1.5 px-2 py-2.5 md:px-4">
          {hold !== null ? (
            <Lazily fallback={<span className="flex-1" />} onClose={endRecording}>
              <Recorder chat={chat} hold={hold} onHold={setHold} onDone={endRecording} />
            </Lazily>
          ) : (
            <>
              <AttachMenu hasText={hasText && !edited} onPick={attach} />
              <textarea
                ref={input}
                rows={1}
                dir="auto"
                aria-label={t("composer.message")}
                placeholder={t("composer.placeholder")}
                value={text}
                maxLength={MAX_LENGTH}
                enterKeyHint={isTouch() ? "enter" : "send"}
                onChange={(event) => {
                  write(event.target.value);
                  note();
                }}
                onClick={note}
                onPaste={(event) => {
                  const pasted = [...event.clipboardData.files];
                  // What was copied from a document brings a picture of itself along: then its words are meant.
                  if (pasted.length === 0 || edited || event.clipboardData.getData("text/plain")) return;
                  event.preventDefault();
                  choose(pasted);
                }}
                onBlur={() => setCall(null)}
                onKeyDown={onKeyDown}
                className="max-h-42 min-h-11 min-w-0 flex-1 resize-none field-sizing-content rounded-[1.4rem] bg-sunken px-4.5 py-2.5 leading-6 placeholder:text-ink-3 focus:outline-2 focus:outline-offset-0 focus:outline-accent/60"
              />
            </>
          )}
          {hold !== "locked" && !hasText && !edited && canRecord() ? (
            <MicButton hold={hold} onHold={setHold} />
          ) : (
            hold === null && (
              <IconButton type="submit" label={t(edited ? "composer.saveEdit" : "composer.send")} look="accent" disabled={!canSend || edit?.isBusy === true}>
                {edited ? <Check aria-hidden className="size-5" /> : <SendHorizontal aria-hidden className="size-5 rtl:-scale-x-100" />}
              </IconButton>
            )
          )}
        </div>
        <FileInput input={mediaInput} accept="image/*,video/*" onFiles={choose} />
        <FileInput input={cameraInput} accept="image/*" isCamera onFiles={choose} />
        <FileInput input={fileInput} onFiles={(files) => setChosen({ files, isUntouched: true })} />
        <DropZone name={name} onFiles={choose} />
      </form>
      <Lazily
        key={chosen ? "files" : dialog}
        onClose={() => {
          setChosen(null);
          setDialog(null);
        }}
      >
        {chosen && (
          <FileSheet
            chat={chat}
            {...chosen}
            text={edited ? "" : draft}
            onMore={(files) => setChosen({ ...chosen, files })}
            onSent={() => {
              setChosen(null);
              if (!edited) messenger.draft(chat, "");
            }}
            onClose={() => setChosen(null)}
          />
        )}
        {dialog === "poll" && <PollDialog chat={chat} onClose={() => setDialog(null)} />}
        {dialog === "location" && <LocationDialog chat={chat} onClose={() => setDialog(null)} />}
        {dialog === "contact" && <ContactDialog chat={chat} onClose={() => setDialog(null)} />}
        {dialog === "later" && (
          <LaterDialog
            chat={chat}
            text={text}
            onDone={() => {
              setDialog(null);
              messenger.draft(chat, "");
            }}
            onClose={() => setDialog(null)}
          />
        )}
      </Lazily>
    </>
  );
}

/** Where one goes on writing. */
function focusAtEnd(field: HTMLTextAreaElement | null): void {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}
