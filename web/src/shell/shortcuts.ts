import { useEffect } from "react";

import { SEARCH_ID } from "@/features/chats/ChatList";
import { chatPath, go, parseRoute } from "@/lib/route";
import { useMessenger } from "@/messenger/react";
import { chatList } from "@/store/selectors";

/** Acts on the keys of the whole window; `onList` shows what they are. Not over an open dialog. */
export function useShortcuts(onList: () => void): void {
  const messenger = useMessenger();
  useEffect(() => {
    function step(by: 1 | -1): void {
      const route = parseRoute(location.hash);
      const chats = chatList(messenger.store.getState()).filter((chat) => !chat.me.archived);
      const at = chats.findIndex((chat) => route.at === "chats" && chat.id === route.chat);
      const next = chats[at < 0 && by < 0 ? chats.length - 1 : at + by];
      if (next) go(chatPath(next.id));
    }

    function search(): void {
      if (parseRoute(location.hash).at !== "chats") go("/");
      requestAnimationFrame(() => document.getElementById(SEARCH_ID)?.focus());
    }

    function beside(panel: "search" | "info"): boolean {
      const route = parseRoute(location.hash);
      if (route.at !== "chats" || !route.chat) return false;
      go(chatPath(route.chat, panel));
      return true;
    }

    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      const command = (event.ctrlKey || event.metaKey) && !event.altKey;
      const isAlone = event.altKey && !event.ctrlKey && !event.metaKey;
      let isDone = true;
      if (command && event.key === "k") search();
      else if (command && event.key === "/") onList();
      else if (command && event.shiftKey && event.key.toLowerCase() === "f") isDone = beside("search");
      else if (isAlone && event.key === "ArrowUp") step(-1);
      else if (isAlone && event.key === "ArrowDown") step(1);
      else if (isAlone && event.key === "Enter") isDone = beside("info");
      else isDone = false;
      if (isDone) event.preventDefault();
    }

    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [messenger, onList]);
}
