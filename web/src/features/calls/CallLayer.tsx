import { useCallback, useState, useSyncExternalStore } from "react";

import type { Calls } from "@/calls/calls";
import { CallBar } from "@/features/calls/CallBar";
import { CallProblem } from "@/features/calls/CallProblem";
import { CallScreen } from "@/features/calls/CallScreen";
import { IncomingCall } from "@/features/calls/IncomingCall";
import { Sound } from "@/features/calls/streams";

/** Whatever there is of calls, over all else. */
export function CallLayer({ calls }: { calls: Calls }) {
  const { incoming, talk, problem } = useSyncExternalStore(calls.subscribe, calls.getView);
  /** Which call stands in the bar instead of on the screen. */
  const [small, setSmall] = useState<string | null>(null);
  const name = talk?.call ?? "";
  const enlarge = useCallback(() => setSmall(null), []);
  return (
    <>
      {talk?.remotes.map(({ user, audio }) => audio && <Sound key={user} track={audio} speaker={talk.speaker} />)}
      {incoming && <IncomingCall key={incoming.call.id} calls={calls} incoming={incoming} />}
      {talk && (small !== null && small === name ? <CallBar calls={calls} talk={talk} onEnlarge={enlarge} /> : <CallScreen calls={calls} talk={talk} onMinimise={() => setSmall(name)} />)}
      {problem && <CallProblem calls={calls} problem={problem} isTalking={talk !== null} />}
    </>
  );
}
