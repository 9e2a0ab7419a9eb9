import { freshAccess } from "@/api/http";

/** Something that can be heard. */
export interface Track {
  id: string;
  src: string;
  /** Seconds, where it is known. */
  duration: number | null;
}

/** How one track stands. */
export interface Playing {
  readonly isPlaying: boolean;
  /** Seconds. */
  readonly position: number;
  readonly duration: number | null;
}

const SILENT: Playing = { isPlaying: false, position: 0, duration: null };
export const RATES = [1, 1.5, 2] as const;

/** The one voice of the page: one track is heard at a time, and another may follow it. */
export class Player {
  private audio: HTMLAudioElement | null = null;
  private track: Track | null = null;
  private next: (after: string) => Track | null = () => null;
  private now: Playing = SILENT;
  private rate = 1;
  private isRenewed = false;
  private readonly listeners = new Set<() => void>();
  /** Called when something cannot be played. */
  onProblem: () => void = () => undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** How a track stands: the same object for as long as nothing of it changes. */
  stateOf(id: string): Playing {
    return this.track?.id === id ? this.now : SILENT;
  }

  readonly getRate = (): number => this.rate;

  /** Plays a track, or pauses it. `next`: what is heard after a track, the ones that follow included. */
  toggle(track: Track, next: (after: string) => Track | null = () => null): void {
    if (this.track?.id !== track.id) this.load(track);
    this.next = next;
    if (this.now.isPlaying) this.element().pause();
    else this.play();
  }

  /** Goes to a place of a track, 0 to 1; it need not be playing. */
  seek(track: Track, part: number): void {
    if (this.track?.id !== track.id) this.load(track);
    const { duration } = this.now;
    if (duration === null) return;
    this.element().currentTime = part * duration;
    this.tell({ position: part * duration });
  }

  /** The next of the speeds; it stays for what follows. */
  readonly changeRate = (): void => {
    const index = RATES.findIndex((rate) => rate === this.rate);
    this.rate = RATES[(index + 1) % RATES.length] ?? 1;
    if (this.audio) this.audio.playbackRate = this.rate;
    for (const listener of this.listeners) listener();
  };

  /** Silence; nothing is remembered. */
  readonly stop = (): void => {
    this.audio?.pause();
    this.audio?.removeAttribute("src");
    this.track = null;
    this.now = SILENT;
    for (const listener of this.listeners) listener();
  };

  private load(track: Track): void {
    const audio = this.element();
    audio.pause();
    this.track = track;
    this.isRenewed = false;
    this.now = { isPlaying: false, position: 0, duration: track.duration };
    audio.src = track.src;
  }

  private play(): void {
    const audio = this.element();
    audio.playbackRate = this.rate;
    // What cannot be played is told by its error event; a pause meanwhile is none.
    audio.play().catch(() => undefined);
  }

  private element(): HTMLAudioElement {
    if (this.audio) return this.audio;
    const audio = new Audio();
    audio.preload = "metadata";
    audio.onplay = () => this.tell({ isPlaying: true });
    audio.onpause = () => this.tell({ isPlaying: false });
    audio.ontimeupdate = () => this.track && audio.currentTime > 0 && this.tell({ position: audio.currentTime });
    audio.onloadedmetadata = () => {
      if (Number.isFinite(audio.duration)) this.tell({ duration: audio.duration });
      if (this.now.position > 0 && audio.currentTime === 0) audio.currentTime = this.now.position;
    };
    audio.onended = () => {
      this.tell({ isPlaying: false, position: 0 });
      const following = this.track && this.next(this.track.id);
      if (following) this.toggle(following, this.next);
    };
    audio.onerror = () => void this.renew();
    this.audio = audio;
    return audio;
  }

  /** The cookie that opens files may have run out: once it is renewed, and the track taken up again. */
  private async renew(): Promise<void> {
    const { track } = this;
    if (!track || this.isRenewed) {
      if (track) this.onProblem();
      this.tell({ isPlaying: false });
      return;
    }
    this.isRenewed = true;
    await freshAccess().catch(() => undefined);
    if (this.track !== track) return;
    this.element().src = track.src;
    this.play();
  }

  private tell(changes: Partial<Playing>): void {
    this.now = { ...this.now, ...changes };
    for (const listener of this.listeners) listener();
  }
}

export const player = new Player();
