import { SendHorizontal } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Id } from "@/api/types";
import { useMessenger } from "@/messenger/react";
import { useStore } from "@/store/react";
import { IconButton } from "@/ui/Button";

const MAX_LENGTH = 10_000;
const MAX_HEIGHT = 168;

/** Where a message is written. The draft stands in the store, so each chat keeps its own. */
export function Composer({ chat }: { chat: Id }) {
  const { t } = useTranslation();
  const messenger = useMessenger();
  const input = useRef<HTMLTextAreaElement>(null);
  const text = useStore((state) => state.drafts[chat] ?? "");

  useLayoutEffect(() => {
    const field = input.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, MAX_HEIGHT)}px`;
  }, [text]);

  useEffect(() => {
    // On a phone the keyboard would cover the chat that was just opened.
    if (!isTouch()) input.current?.focus();
  }, [chat]);

  function send(): void {
    if (!text.trim()) return;
    messenger.sendText(chat, text);
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    // On a touch keyboard Enter is the only way to a new line.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || isTouch()) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="safe-bottom border-t border-line bg-surface"
    >
      <div className="flex items-end gap-2 px-3 py-2.5 md:px-5">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          aria-label={t("composer.message")}
          placeholder={t("composer.placeholder")}
          value={text}
          maxLength={MAX_LENGTH}
          enterKeyHint={isTouch() ? "enter" : "send"}
          onChange={(event) => messenger.draft(chat, event.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-42 min-h-11 flex-1 resize-none rounded-[1.4rem] bg-sunken px-4.5 py-2.5 leading-6 placeholder:text-ink-3 focus:outline-2 focus:outline-offset-0 focus:outline-accent/60"
        />
        <IconButton type="submit" label={t("composer.send")} look="accent" disabled={!text.trim()}>
          <SendHorizontal aria-hidden className="size-5 rtl:-scale-x-100" />
        </IconButton>
      </div>
    </form>
  );
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
