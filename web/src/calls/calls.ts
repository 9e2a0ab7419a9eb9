import { endCall, startCall, type Call, type CallMedia } from "@/api/calls";
import type { Id } from "@/api/types";
import { DeviceError, type DeviceKind, type Trouble } from "@/calls/media";
import { Talk, type TalkView } from "@/calls/talk";
import { Ringer } from "@/calls/tones";
import { newClientId } from "@/lib/ids";
import type { SocketClient } from "@/socket/client";
import type { CallSignal } from "@/socket/protocol";
import { isRinging } from "@/store/calls";
import type { Store } from "@/store/store";

/** Why a call could not begin. */
export type Problem = { device: DeviceKind; trouble: Trouble } | { error: unknown };

/** A call that rings here. */
export interface Incoming {
  call: Call;
  /** It goes on ringing in silence. */
  isSilent: boolean;
}

/** A picture of the calls of this page at a moment. */
export interface CallsView {
  incoming: Incoming | null;
  talk: TalkView | null;
  problem: Problem | null;
}

export interface CallsPorts {
  store: Store;
  line: Pick<SocketClient, "request" | "status">;
  newConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** How a call ended stands there for so long; longer where it did not come about. */
const ENDED_MS = 2_500;
const UNANSWERED_MS = 6_000;
/** No server rings this long: if its word does not come, it is over all the same. */
const RING_MS = 60_000;
/** So much may be said of a call before this page takes part in it. */
const EARLY_MAX = 200;

/**
 * Rings, and holds the one call that this page takes part in. The server says who is in which call
 * and when it ends, which is followed in the store; this only adds sound and picture.
 */
export class Calls {
  private talk: Talk | null = null;
  private problem: Problem | null = null;
  private ringing: { id: Id; timer: number } | null = null;
  private isSilent = false;
  private readonly dismissed = new Set<Id>();
  private readonly early = new Map<Id, CallSignal[]>();
  private readonly ringer = new Ringer();
  private readonly listeners = new Set<() => void>();
  private readonly unsubscribe: () => void;
  private closeTimer: number | undefined;
  private held: CallsView = { incoming: null, talk: null, problem: null };

  constructor(private readonly ports: CallsPorts) {
    this.unsubscribe = ports.store.subscribe(() => this.follow());
    addEventListener("pagehide", this.leaving);
    this.follow();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getView = (): CallsView => this.held;

  /** Rings the others in a chat. Nothing where this page is in a call. */
  async start(chat: Id, media: CallMedia): Promise<void> {
    if (this.talk && !this.talk.over()) return;
    const talk = this.begin(chat, media, true);
    try {
      await talk.prepare(media);
      if (talk.over()) return;
      const { users, ...call } = await startCall(chat, media, newClientId());
      if (talk.over()) {
        talk.call = call;
        talk.hangUp("cancelled");
        return;
      }
      // What was pushed meanwhile is newer than the answer.
      if (!this.ports.store.getState().calls[call.id]) this.ports.store.dispatch({ event: "local:call", data: { call, users } });
      talk.begin(this.ports.store.getState().calls[call.id] ?? call, this.takeEarly(call.id));
    } catch (error) {
      this.abandon(talk, error);
    }
  }

  /** Answers the call that rings, or joins one of a group that goes on. */
  async accept(id: Id, media: CallMedia): Promise<void> {
    const call = this.ports.store.getState().calls[id];
    if (!call || (this.talk && !this.talk.over())) return;
    const talk = this.begin(call.chat, media, false);
    talk.call = call;
    this.update();
    try {
      await talk.prepare(media);
      if (!talk.over()) talk.begin(this.ports.store.getState().calls[id] ?? call, this.takeEarly(id));
    } catch (error) {
      this.abandon(talk, error);
    }
  }

  /** Does not answer; it stops ringing on all my devices. */
  decline(id: Id): void {
    this.dismiss(id);
    this.ports.line.request("call:reject", { call: id }).catch(() => endCall(id).catch(() => undefined));
  }

  /** Lets it ring without a sound here. */
  readonly silence = (): void => {
    this.isSilent = true;
    this.update();
  };

  readonly hangUp = (): void => this.talk?.hangUp();

  /** Puts away how the last call ended. */
  readonly close = (): void => {
    clearTimeout(this.closeTimer);
    if (this.talk?.over()) this.talk = null;
    this.update();
  };

  readonly closeProblem = (): void => {
    this.problem = null;
    this.update();
  };

  readonly toggleMuted = (): void => {
    const media = this.talk?.media;
    media?.setMuted(!media.isMuted);
  };

  toggleCamera(): Promise<void> {
    return this.change((talk) => talk.media.setCamera(talk.media.camera === null));
  }

  toggleScreen(): Promise<void> {
    return this.change((talk) => talk.media.share(talk.media.screen === null));
  }

  choose(kind: MediaDeviceKind, id: string): Promise<void> {
    return this.change((talk) => talk.media.choose(kind, id));
  }

  /** Somebody in a call says something. */
  hear(signal: CallSignal): void {
    const { call } = signal.data;
    if (this.talk && !this.talk.over() && this.talk.call?.id === call) {
      this.talk.hear(signal);
      return;
    }
    const heard = this.early.get(call) ?? [];
    if (heard.length < EARLY_MAX) this.early.set(call, [...heard, signal]);
  }

  /** The socket is back. */
  reconnected(): void {
    void this.talk?.reconnected();
    // Whoever calls may not have heard that it rings here.
    if (this.ringing) this.sayRinging(this.ringing.id);
  }

  /** Nobody is logged in any more. */
  stop(): void {
    this.unsubscribe();
    removeEventListener("pagehide", this.leaving);
    this.talk?.end("completed");
    this.ringer.play(null);
    clearTimeout(this.closeTimer);
    clearTimeout(this.ringing?.timer);
  }

  private begin(chat: Id, media: CallMedia, isOutgoing: boolean): Talk {
    clearTimeout(this.closeTimer);
    this.problem = null;
    const { store, line, newConnection = (configuration) => new RTCPeerConnection(configuration) } = this.ports;
    const talk: Talk = new Talk({ store, line, newConnection, changed: () => this.talkChanged(talk) }, chat, media, isOutgoing);
    this.talk = talk;
    this.update();
    return talk;
  }

  private abandon(talk: Talk, error: unknown): void {
    if (talk.over()) return;
    talk.end("failed");
    if (this.talk === talk) this.talk = null;
    this.problem = error instanceof DeviceError ? { device: error.device, trouble: error.trouble } : { error };
    this.update();
  }

  private async change(act: (talk: Talk) => Promise<void>): Promise<void> {
    const { talk } = this;
    if (!talk || talk.over()) return;
    try {
      await act(talk);
    } catch (error) {
      // To think better of showing a screen is no trouble.
      if (error instanceof DeviceError && error.device === "screen" && error.trouble === "denied") return;
      this.problem = error instanceof DeviceError ? { device: error.device, trouble: error.trouble } : { error };
      this.update();
    }
  }

  private talkChanged(talk: Talk): void {
    if (talk !== this.talk) return;
    if (talk.over()) {
      const { ending } = talk.view;
      clearTimeout(this.closeTimer);
      // Answered on another device: nothing to say about it here.
      if (ending === "elsewhere" && !talk.view.since) this.talk = null;
      else this.closeTimer = window.setTimeout(() => this.close(), ending === "completed" || ending === "cancelled" ? ENDED_MS : UNANSWERED_MS);
    }
    this.update();
  }

  private follow(): void {
    const { calls } = this.ports.store.getState();
    const { talk } = this;
    if (talk && !talk.over() && talk.call) {
      const call = calls[talk.call.id];
      if (call && call !== talk.call) talk.follow(call);
    }
    for (const id of this.early.keys()) if (calls[id]?.state === "ended") this.early.delete(id);
    this.ring();
  }

  /** Rings as long as a call waits for an answer, and says so to whoever calls. */
  private ring(): void {
    const state = this.ports.store.getState();
    const isBusy = this.talk !== null && !this.talk.over();
    const call = isBusy ? undefined : Object.values(state.calls).find((one) => isRinging(state, one) && !this.dismissed.has(one.id));
    if (call?.id !== this.ringing?.id) {
      clearTimeout(this.ringing?.timer);
      this.isSilent = false;
      this.ringing = call ? { id: call.id, timer: window.setTimeout(() => this.dismiss(call.id), RING_MS) } : null;
      if (call) this.sayRinging(call.id);
    }
    if (call !== this.held.incoming?.call) this.update();
  }

  private sayRinging(call: Id): void {
    // Unheard, or too late: what follows from it is told anyway.
    this.ports.line.request("call:ringing", { call }).catch(() => undefined);
  }

  private dismiss(id: Id): void {
    this.dismissed.add(id);
    this.follow();
  }

  private takeEarly(call: Id): CallSignal[] {
    const heard = this.early.get(call) ?? [];
    this.early.delete(call);
    return heard;
  }

  private update(): void {
    const isBusy = this.talk !== null && !this.talk.over();
    const call = this.ringing && !isBusy ? this.ports.store.getState().calls[this.ringing.id] : undefined;
    const talk = this.talk?.view ?? null;
    this.held = { incoming: call ? { call, isSilent: this.isSilent } : null, talk, problem: this.problem };
    const isAwaited = talk?.isOutgoing && (talk.phase === "calling" || talk.phase === "ringing");
    this.ringer.play(call && !this.isSilent ? "incoming" : isAwaited ? "outgoing" : null);
    for (const listener of this.listeners) listener();
  }

  /** The tab is closed: the others need not wait until it is missed. */
  private readonly leaving = (): void => {
    if (this.talk && !this.talk.over()) this.talk.hangUp();
  };
}
