import { useCallback } from "react";

import type { Id } from "@/api/types";
import { useStore } from "@/store/react";
import { nameOf, peerOf, titleOf } from "@/store/selectors";
import type { State } from "@/store/state";

/** What a call is shown under: the other of a direct chat, or the group. */
export interface Face {
  name: string;
  seed: Id;
  url: string | null;
  isGroup: boolean;
}

function sameFace(a: Face, b: Face): boolean {
  return a.name === b.name && a.url === b.url && a.seed === b.seed;
}

/** `caller` stands for a chat that is not known here. */
export function useFace(chatId: Id, caller?: Id): Face {
  return useStore(
    useCallback(
      (state: State): Face => {
        const chat = state.chats[chatId];
        const peer = chat ? peerOf(chat) : (caller ?? null);
        const user = peer ? state.users[peer] : undefined;
        return { name: (chat && titleOf(state, chat)) || nameOf(user), seed: peer ?? chatId, url: user?.avatar_url ?? chat?.avatar_url ?? null, isGroup: chat?.kind === "group" };
      },
      [chatId, caller],
    ),
    sameFace,
  );
}
