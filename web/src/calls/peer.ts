import type { Id } from "@/api/types";
import { newClientId } from "@/lib/ids";

export type Link = "connecting" | "connected" | "reconnecting" | "failed";

/** What a side says of what it sends. */
export interface Note {
  isMuted: boolean;
  isSharing: boolean;
}

export type PeerSignal = { event: "call:offer" | "call:answer"; sdp: RTCSessionDescriptionInit } | { event: "call:ice"; candidate: RTCIceCandidateInit };

export interface PeerOptions {
  connection: RTCPeerConnection;
  /** Of two who offer at the same moment, the polite one takes its offer back. */
  isPolite: boolean;
  /** Whether this side makes the first offer; else none is made before the other's has come. */
  offers: boolean;
  /** Where signals go; null: to all devices of the other, of which the first to answer is it. */
  device: Id | null;
  send: (signal: PeerSignal, device: Id | null) => void;
  changed: () => void;
}

/** A connection that was cut often heals by itself within this time. */
const HEAL_MS = 3_000;
/** Without a way to each other for this long there will be none. */
const GIVE_UP_MS = 25_000;

/**
 * The connection to one person in a call. Negotiates by the “perfect negotiation” pattern: both
 * sides may change at any time what they send, and offers that cross are sorted out by `isPolite`.
 * Looks for a new way (ICE restart) when the present one fails.
 */
export class Peer {
  link: Link = "connecting";
  device: Id | null;
  note: Note = { isMuted: false, isSharing: false };
  audio: MediaStreamTrack | null = null;
  /** The other's picture; null while none is sent. */
  video: MediaStreamTrack | null = null;
  private readonly connection: RTCPeerConnection;
  private readonly channel: RTCDataChannel;
  private own: Note = { isMuted: false, isSharing: false };
  private mayOffer: boolean;
  private isOffering = false;
  /** The name of my last offer, and of the other's, which the answer repeats. */
  private offered = "";
  private answering: string | null = null;
  /** One description or candidate at a time, in the order they came. */
  private turn: Promise<void> = Promise.resolve();
  private readonly early: RTCIceCandidateInit[] = [];
  private healTimer: number | undefined;
  private endTimer: number | undefined;

  constructor(private readonly options: PeerOptions) {
    const { connection } = options;
    this.connection = connection;
    this.device = options.device;
    this.mayOffer = options.offers;
    // Agreed beforehand, so that it opens without a word. It carries only the notes.
    this.channel = connection.createDataChannel("notes", { negotiated: true, id: 0 });
    this.channel.onopen = () => this.tellNote();
    this.channel.onmessage = (event: MessageEvent<unknown>) => this.takeNote(event.data);
    connection.onnegotiationneeded = () => void this.offer();
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.send({ event: "call:ice", candidate: candidate.toJSON() });
    };
    connection.ontrack = ({ track }) => this.takeTrack(track);
    connection.onconnectionstatechange = () => this.follow();
  }

  /** Sends these tracks from now on. */
  setTracks(stream: MediaStream, audio: MediaStreamTrack | null, video: MediaStreamTrack | null): void {
    this.setTrack("audio", audio, stream);
    this.setTrack("video", video, stream);
  }

  /** Lets the other know what they cannot hear or see. */
  setNote(note: Note): void {
    if (note.isMuted === this.own.isMuted && note.isSharing === this.own.isSharing) return;
    this.own = note;
    this.tellNote();
  }

  /** A description of the other's. */
  describe(sdp: RTCSessionDescriptionInit, from: Id | null): Promise<void> {
    return this.next(async () => {
      const { connection } = this;
      const isOffer = sdp.type === "offer";
      const name = nameIn(sdp);
      if (!isOffer && connection.signalingState !== "have-local-offer") return;
      // An offer that was said twice is answered twice: the second answer is none to the offer that followed.
      if (!isOffer && name !== null && name !== this.offered) return;
      const collides = isOffer && (this.isOffering || connection.signalingState !== "stable");
      if (collides && !this.options.isPolite) return;
      this.device ??= from;
      this.mayOffer = true;
      await connection.setRemoteDescription(sdp);
      this.expectLink();
      for (const candidate of this.early.splice(0)) await this.add(candidate);
      if (!isOffer) return;
      this.answering = name;
      await connection.setLocalDescription();
      this.sendDescription("call:answer");
    });
  }

  candidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.next(() => this.add(candidate));
  }

  /** Says an offer again that nobody has answered yet: to one device that asks for it, or to where it went. */
  offerAgain(device: Id | null): void {
    const { localDescription, signalingState } = this.connection;
    if (signalingState === "have-local-offer" && localDescription) {
      this.options.send({ event: "call:offer", sdp: named(localDescription, this.offered) }, device ?? this.device);
    }
  }

  /** Signals may have been lost: what was offered is offered again, and a broken link is looked after. */
  recover(): void {
    if (this.connection.signalingState === "have-local-offer") this.offerAgain(null);
    else if (this.link !== "connected" && this.mayOffer) this.restart();
  }

  configure(configuration: RTCConfiguration): void {
    this.connection.setConfiguration(configuration);
  }

  close(): void {
    clearTimeout(this.healTimer);
    clearTimeout(this.endTimer);
    const { connection } = this;
    connection.onnegotiationneeded = connection.onicecandidate = connection.ontrack = connection.onconnectionstatechange = null;
    for (const { receiver } of connection.getTransceivers()) receiver.track.onmute = receiver.track.onunmute = receiver.track.onended = null;
    this.channel.onopen = this.channel.onmessage = null;
    connection.close();
  }

  private send(signal: PeerSignal): void {
    this.options.send(signal, this.device);
  }

  private sendDescription(event: "call:offer" | "call:answer"): void {
    const { localDescription } = this.connection;
    if (localDescription) this.send({ event, sdp: named(localDescription, event === "call:offer" ? this.offered : this.answering) });
  }

  private async offer(): Promise<void> {
    if (!this.mayOffer) return;
    try {
      this.isOffering = true;
      await this.connection.setLocalDescription();
      if (this.connection.signalingState !== "have-local-offer") return;
      this.offered = newClientId();
      this.sendDescription("call:offer");
    } catch {
      // Closed, or overtaken by the other's offer; what is still to be said is asked for again.
    } finally {
      this.isOffering = false;
    }
  }

  /** A broken description must not hold up those after it. */
  private next(act: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(act).catch(() => undefined);
    return this.turn;
  }

  private async add(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.connection.remoteDescription) {
      this.early.push(candidate);
      return;
    }
    // Of an offer that was passed over, or of a way that is given up: of no use, and harmless.
    await this.connection.addIceCandidate(candidate).catch(() => undefined);
  }

  private setTrack(kind: "audio" | "video", track: MediaStreamTrack | null, stream: MediaStream): void {
    const line = this.connection.getTransceivers().find((one) => one.receiver.track.kind === kind);
    if (!line) {
      if (track) this.connection.addTrack(track, stream);
      return;
    }
    if (line.sender.track !== track) {
      // A line that the other has opened belongs to no stream of mine yet.
      if (track && !line.sender.track) line.sender.setStreams(stream);
      void line.sender.replaceTrack(track).catch(() => undefined);
    }
    // Said in the description too, so that the other's picture goes away instead of standing still.
    const direction = track ? "sendrecv" : "recvonly";
    if (line.direction !== direction) line.direction = direction;
  }

  private takeTrack(track: MediaStreamTrack): void {
    const look = (): void => {
      if (track.kind === "audio") this.audio = track;
      else this.video = track.muted || track.readyState === "ended" ? null : track;
      this.options.changed();
    };
    track.onmute = track.onunmute = track.onended = look;
    look();
  }

  private tellNote(): void {
    if (this.channel.readyState === "open") this.channel.send(JSON.stringify(this.own));
  }

  private takeNote(data: unknown): void {
    if (typeof data !== "string") return;
    try {
      const note = JSON.parse(data) as Partial<Note> | null;
      this.note = { isMuted: note?.isMuted === true, isSharing: note?.isSharing === true };
      this.options.changed();
    } catch {
      // Another client's channel of this number.
    }
  }

  private follow(): void {
    const { connectionState } = this.connection;
    if (connectionState === "connected") {
      clearTimeout(this.healTimer);
      clearTimeout(this.endTimer);
      this.endTimer = undefined;
      this.setLink("connected");
    } else if (connectionState === "disconnected") {
      this.setLink("reconnecting");
      this.expectLink();
      clearTimeout(this.healTimer);
      this.healTimer = window.setTimeout(() => this.restart(), HEAL_MS);
    } else if (connectionState === "failed") {
      if (this.link === "connected") this.setLink("reconnecting");
      this.restart();
    }
  }

  private restart(): void {
    this.expectLink();
    this.connection.restartIce();
  }

  private expectLink(): void {
    if (this.connection.connectionState === "connected") return;
    this.endTimer ??= window.setTimeout(() => this.setLink("failed"), GIVE_UP_MS);
  }

  private setLink(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.options.changed();
  }
}

/** A description with the name of its offer, in an attribute that whoever does not know it passes over. */
function named({ type, sdp }: RTCSessionDescription, name: string | null): RTCSessionDescriptionInit {
  return { type, sdp: name ? `${sdp}a=x-offer:${name}\r\n` : sdp };
}

/** Null: of a client that gives none. */
function nameIn({ sdp }: RTCSessionDescriptionInit): string | null {
  return /^a=x-offer:([\w-]{1,64})\r?$/m.exec(sdp ?? "")?.[1] ?? null;
}
