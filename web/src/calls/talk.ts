/** The one call this page takes part in. */

import { endCall, getCall, type Call, type CallMedia, type CallReason } from "@/api/calls";
import type { Id } from "@/api/types";
import { IceServers } from "@/calls/ice";
import { chosenDevices, LocalMedia, type Trouble } from "@/calls/media";
import { Peer, type Link, type PeerSignal } from "@/calls/peer";
import { Signals } from "@/calls/signals";
import { CommandRefused, type SocketClient } from "@/socket/client";
import type { CallSignal } from "@/socket/protocol";
import { myPart } from "@/store/calls";
import type { Store } from "@/store/store";

/** What the call is doing, as the person in it sees it. */
export type Phase = "preparing" | "calling" | "ringing" | "connecting" | "connected" | "reconnecting" | "ended";
/** How it ended: as the server says, elsewhere, or for want of a connection. */
export type Ending = CallReason | "elsewhere" | "lost";

/** One of the others, as far as they have come. */
export interface Remote {
  user: Id;
  link: Link;
  audio: MediaStreamTrack | null;
  video: MediaStreamTrack | null;
  isMuted: boolean;
  isSharing: boolean;
}

/** A picture of the call at a moment; another object whenever something has changed. */
export interface TalkView {
  chat: Id;
  /** Null until the server has made it. */
  call: Id | null;
  media: CallMedia;
  isOutgoing: boolean;
  phase: Phase;
  ending: Ending | null;
  /** Since when somebody is heard, in local milliseconds. */
  since: number | null;
  /** When it ended. */
  until: number | null;
  remotes: readonly Remote[];
  /** Those who are being rung. */
  awaited: readonly Id[];
  isMuted: boolean;
  microphone: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  cameraTrouble: Trouble | null;
  /** The one that was chosen. */
  speaker: string | null;
}

export interface TalkPorts {
  store: Store;
  line: Pick<SocketClient, "request" | "status">;
  newConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  changed: () => void;
}

/** Somebody who came before me offers; if nothing comes in this time, I do. */
const OFFER_AWAITED_MS = 5_000;
/** Whoever was accepted without an offer joins first and is offered to then. */
const FIRST_OFFER_MS = 3_000;
/** The answer of who has joined may be under way still; then the offer has been lost. */
const ANSWER_MS = 1_500;

export class Talk {
  readonly media: LocalMedia;
  call: Call | null = null;
  private isOver = false;
  private ending: Ending | null = null;
  private since: number | null = null;
  private until: number | null = null;
  /** Whether this page speaks for the person: the caller's from the start, who answers from then on. */
  private hasJoined: boolean;
  private isJoining = false;
  /** The connection was lost before the server said whether the answer counts. */
  private isUnsure = false;
  private readonly peers = new Map<Id, Peer>();
  private readonly signals: Signals;
  private readonly ice: IceServers;
  /** What was heard before it can be answered, and what is to be said once the server has let me in. */
  private readonly early: CallSignal[] = [];
  private readonly unsaid: [PeerSignal, Id | null][] = [];
  private readonly timers = new Set<number>();
  private isReady = false;

  constructor(
    private readonly ports: TalkPorts,
    readonly chat: Id,
    readonly kind: CallMedia,
    readonly isOutgoing: boolean,
  ) {
    this.hasJoined = isOutgoing;
    this.media = new LocalMedia(() => this.mediaChanged());
    this.signals = new Signals(ports.line, (code) => this.refused(code));
    this.ice = new IceServers((configuration) => {
      for (const peer of this.peers.values()) peer.configure(configuration);
    });
  }

  get view(): TalkView {
    const parts = this.others();
    return {
      chat: this.chat,
      call: this.call?.id ?? null,
      media: this.kind,
      isOutgoing: this.isOutgoing,
      phase: this.phase(),
      ending: this.ending,
      since: this.since,
      until: this.until,
      remotes: [...this.peers].map(([user, peer]) => ({ user, link: peer.link, audio: peer.audio, video: peer.video, ...peer.note })),
      awaited: parts.filter((one) => one.state === "invited" || one.state === "ringing").map((one) => one.user),
      isMuted: this.media.isMuted,
      microphone: this.media.audio,
      camera: this.media.camera,
      screen: this.media.screen,
      cameraTrouble: this.media.cameraTrouble,
      speaker: chosenDevices().audiooutput ?? null,
    };
  }

  /** Asks for the devices, so that nobody is rung in vain. Rejects with DeviceError. */
  async prepare(media: CallMedia): Promise<void> {
    await Promise.all([this.media.open(media), this.ice.load()]);
  }

  /** The call is made, or mine to answer; `heard` is what was said of it before. */
  begin(call: Call, heard: readonly CallSignal[]): void {
    if (this.isOver) return;
    this.isReady = true;
    this.early.push(...heard);
    this.follow(call);
    if (this.isOver) return;
    if (!this.hasJoined) this.answer();
    this.hearEarly();
  }

  /** The server has moved the call on. */
  follow(call: Call): void {
    if (this.isOver) return;
    this.call = call;
    if (call.state === "ended") {
      this.end(call.reason ?? "completed");
      return;
    }
    const mine = myPart(this.ports.store.getState(), call)?.state;
    if (!this.hasJoined && !this.isJoining && mine === "joined") {
      if (!this.isUnsure) {
        this.end("elsewhere");
        return;
      }
      this.hasJoined = true;
    }
    // From another device of mine, or because I was away for too long.
    if (this.hasJoined && mine === "left") {
      this.end("lost");
      return;
    }
    if (this.hasJoined) this.meetOthers(call);
    this.ports.changed();
  }

  private hearEarly(): void {
    for (const signal of this.early.splice(0)) this.hear(signal);
  }

  /** Another device says something. */
  hear(signal: CallSignal): void {
    if (this.isOver) return;
    // Alone with the caller one joins by answering their offer; in a group one joins first.
    if (!this.isReady || (!this.hasJoined && !this.isDirect())) {
      this.early.push(signal);
      return;
    }
    const { user, device } = signal.data.from;
    switch (signal.event) {
      case "call:ringing":
        if (this.isOutgoing && this.isDirect()) this.offerTo(user, device);
        return;
      case "call:offer": {
        if (!signal.data.sdp) return;
        void this.peerFor(user, device, false).describe(signal.data.sdp, device);
        return;
      }
      case "call:answer":
        if (signal.data.sdp) void this.peers.get(user)?.describe(signal.data.sdp, device);
        return;
      case "call:ice":
        if (signal.data.candidate) void this.peers.get(user)?.candidate(signal.data.candidate);
        return;
    }
  }

  /** The socket is back: what was said meanwhile is lost. */
  async reconnected(): Promise<void> {
    if (this.isOver || !this.call) return;
    this.signals.reset();
    try {
      const { users, ...call } = await getCall(this.call.id);
      this.ports.store.dispatch({ event: "local:call", data: { call, users } });
    } catch {
      // It may have ended; the peers will find out.
    }
    if (this.over()) return;
    if (this.hasJoined) for (const peer of this.peers.values()) peer.recover();
    else if (!this.isJoining) this.answer();
  }

  /** Hangs up. */
  hangUp(reason?: CallReason): void {
    const { call } = this;
    const isAnswered = call?.state === "active";
    this.end(reason ?? (isAnswered || !this.isOutgoing ? "completed" : "cancelled"));
    if (call && call.state !== "ended") this.leave(call.id, reason);
  }

  /** Lets everything go. */
  end(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    this.ending = ending;
    this.until = Date.now();
    this.signals.reset();
    this.ice.stop();
    for (const timer of this.timers) clearTimeout(timer);
    for (const peer of this.peers.values()) peer.close();
    this.media.close();
    this.ports.changed();
  }

  /** Asked anew after waiting: it may have ended meanwhile. */
  over(): boolean {
    return this.isOver;
  }

  private phase(): Phase {
    if (this.isOver) return "ended";
    if (!this.isReady || !this.call) return "preparing";
    const links = [...this.peers.values()].map((peer) => peer.link);
    if (links.includes("connected")) return "connected";
    if (this.since !== null && links.length > 0) return "reconnecting";
    if (this.call.state === "ringing" && this.isOutgoing) return this.others().some((one) => one.state === "ringing") ? "ringing" : "calling";
    return "connecting";
  }

  private others(): Call["participants"] {
    const me = this.ports.store.getState().me?.id;
    return this.call?.participants.filter((one) => one.user !== me) ?? [];
  }

  private isDirect(): boolean {
    return (this.call?.participants.length ?? 2) <= 2;
  }

  /** Joins: in a direct call by the answer to the other's offer, in a group at once. */
  private answer(): void {
    if (!this.isDirect()) {
      this.join(null, null);
      return;
    }
    // Signals of a socket that was lost are not said again by themselves: then who joins is offered to.
    this.later(FIRST_OFFER_MS, () => {
      if (!this.hasJoined && !this.isJoining) this.join(null, null);
    });
  }

  /** The first answer, after which this page speaks for the person. */
  private join(sdp: RTCSessionDescriptionInit | null, device: Id | null): void {
    const { call } = this;
    if (!call || this.isJoining) return;
    this.isJoining = true;
    this.ports.line.request("call:answer", { call: call.id, sdp, ...(device === null ? {} : { to: device }) }).then(
      () => this.joined(call.id),
      (error: unknown) => {
        this.isJoining = false;
        if (this.isOver) return;
        if (error instanceof CommandRefused) this.refused(error.code);
        else this.isUnsure = true;
      },
    );
  }

  private joined(id: Id): void {
    this.hasJoined = true;
    this.isJoining = false;
    if (this.isOver) {
      // Hung up while the answer was on its way.
      this.leave(id);
      return;
    }
    for (const [signal, device] of this.unsaid.splice(0)) this.say(signal, device);
    this.hearEarly();
    // The push about it goes to all sockets but this one.
    getCall(id).then(
      ({ users, ...call }) => this.ports.store.dispatch({ event: "local:call", data: { call, users } }),
      () => undefined,
    );
    this.ports.changed();
  }

  private say(signal: PeerSignal, device: Id | null): void {
    const { call } = this;
    if (!call || this.isOver) return;
    if (!this.hasJoined) {
      if (signal.event === "call:answer" && !this.isJoining) this.join(signal.sdp, device);
      else this.unsaid.push([signal, device]);
      return;
    }
    const to = { call: call.id, ...(device === null ? {} : { to: device }) };
    if (signal.event === "call:ice") this.signals.send("call:ice", { ...to, candidate: signal.candidate });
    else this.signals.send(signal.event, { ...to, sdp: signal.sdp });
  }

  private refused(code: string): void {
    if (this.isOver) return;
    if (code === "call_answered" || code === "not_in_call") this.end("elsewhere");
    else if (code === "call_ended" || code === "call_not_found" || code === "chat_closed") this.end("completed");
    else if (!this.hasJoined) this.end("failed");
  }

  private leave(call: Id, reason?: CallReason): void {
    const { line } = this.ports;
    const known = reason ? { reason } : {};
    line.request("call:end", { call, ...known }).catch(() => endCall(call, reason).catch(() => undefined));
  }

  // The others

  /** Connects with who has come, and lets go who has left. */
  private meetOthers(call: Call): void {
    const state = this.ports.store.getState();
    const mine = myPart(state, call);
    const isDirect = this.isDirect();
    for (const one of this.others()) {
      const peer = this.peers.get(one.user);
      if (one.state === "joined") {
        if (!mine || isDirect) {
          if (this.isOutgoing) this.later(ANSWER_MS, () => this.offerTo(one.user, one.device));
        } else if (!peer || (one.device !== null && peer.device !== one.device)) this.meet(one, mine);
      } else if (one.state === "ringing" && isDirect && this.isOutgoing) {
        // Their word that they ring may have come before the call was known here.
        if (!peer) this.offerTo(one.user, null);
      } else if (one.state !== "invited" && one.state !== "ringing") this.part(one.user);
    }
  }

  /** In a group whoever came first offers to whoever came later. */
  private meet(one: Call["participants"][number], mine: Call["participants"][number]): void {
    const isLater = [one.joined_at ?? "", one.user] > [mine.joined_at ?? "", mine.user];
    if (isLater) this.peerFor(one.user, one.device, true);
    else {
      this.later(OFFER_AWAITED_MS, () => {
        const isThere = this.others().some((other) => other.user === one.user && other.state === "joined");
        if (isThere && !this.peers.has(one.user)) this.peerFor(one.user, one.device, true);
      });
    }
  }

  /** The caller offers to whoever rings; to all their devices at once, so that any may answer. */
  private offerTo(user: Id, device: Id | null): void {
    const peer = this.peers.get(user);
    if (peer) peer.offerAgain(device);
    else this.peerFor(user, null, true);
  }

  private peerFor(user: Id, device: Id | null, offers: boolean): Peer {
    const held = this.peers.get(user);
    if (held && (held.device === null || device === null || held.device === device)) return held;
    // They are back on another device.
    held?.close();
    const me = this.ports.store.getState().me?.id ?? "";
    const peer = new Peer({
      connection: this.ports.newConnection(this.ice.configuration),
      isPolite: me > user,
      offers,
      device,
      send: (signal, to) => this.say(signal, to),
      changed: () => this.peerChanged(user),
    });
    this.peers.set(user, peer);
    this.give(peer);
    this.ports.changed();
    return peer;
  }

  private part(user: Id): void {
    const peer = this.peers.get(user);
    if (!peer) return;
    peer.close();
    this.peers.delete(user);
  }

  private peerChanged(user: Id): void {
    const peer = this.peers.get(user);
    if (!peer || this.isOver) return;
    if (peer.link === "connected") this.since ??= Date.now();
    if (peer.link === "failed") this.lose(user);
    this.ports.changed();
  }

  /** No way was found to somebody: a direct call ends with it. */
  private lose(user: Id): void {
    if (!this.isDirect()) {
      this.part(user);
      return;
    }
    const { call, since } = this;
    this.end(since === null ? "failed" : "lost");
    if (call) this.leave(call.id, since === null ? "failed" : undefined);
  }

  private mediaChanged(): void {
    for (const peer of this.peers.values()) this.give(peer);
    this.ports.changed();
  }

  private give(peer: Peer): void {
    const { stream, audio, video, isMuted, screen } = this.media;
    peer.setTracks(stream, audio, video);
    peer.setNote({ isMuted: isMuted || audio === null, isSharing: screen !== null });
  }

  private later(ms: number, act: () => void): void {
    const timer = window.setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }
}
