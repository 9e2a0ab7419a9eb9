import { createContext, useContext } from "react";

import type { Id, Message } from "@/api/types";

/** What can be asked of the conversation from inside a bubble. */
export interface Actions {
  openMenu: (message: Message, anchor: DOMRect) => void;
  openPicker: (message: Message, anchor: DOMRect) => void;
  showReactions: (message: Message) => void;
  /** Shows a picture or film of a message in full. */
  openMedia: (seq: number, medium: Id) => void;
  /** Shows another message of the chat. */
  goTo: (seq: number) => void;
}

const ActionsContext = createContext<Actions | null>(null);

export const ActionsProvider = ActionsContext.Provider;

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("useActions stands outside of ActionsProvider.");
  return actions;
}
