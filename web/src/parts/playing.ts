import { useCallback, useSyncExternalStore } from "react";

import { player, type Playing } from "@/media/player";

/** How one track stands with the page's player. */
export function usePlaying(id: string): Playing {
  return useSyncExternalStore(
    player.subscribe,
    useCallback(() => player.stateOf(id), [id]),
  );
}

/** How fast all tracks are played. */
export function useRate(): number {
  return useSyncExternalStore(player.subscribe, player.getRate);
}
