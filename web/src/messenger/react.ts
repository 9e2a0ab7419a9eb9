import { createContext, useContext, useSyncExternalStore } from "react";

import type { Messenger, Session } from "@/messenger/messenger";

const MessengerContext = createContext<Messenger | null>(null);

export const MessengerProvider = MessengerContext.Provider;

/** The messenger of this page. */
export function useMessenger(): Messenger {
  const messenger = useContext(MessengerContext);
  if (!messenger) throw new Error("useMessenger stands outside of MessengerProvider.");
  return messenger;
}

/** Whether someone is logged in. */
export function useSession(): Session {
  const messenger = useMessenger();
  return useSyncExternalStore(messenger.subscribeSession, messenger.getSession);
}
