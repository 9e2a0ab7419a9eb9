export type Tone = "incoming" | "outgoing";

interface Pattern {
  /** Seconds from one beginning to the next. */
  every: number;
  volume: number;
  /** When and for how long, in seconds, and how high, in hertz. */
  beeps: readonly (readonly [at: number, seconds: number, hertz: number])[];
}

const patterns: Record<Tone, Pattern> = {
  incoming: {
    every: 3,
    volume: 0.16,
    beeps: [
      [0, 0.22, 660],
      [0.25, 0.22, 880],
      [0.5, 0.34, 990],
      [1.1, 0.22, 660],
      [1.35, 0.22, 880],
      [1.6, 0.34, 990],
    ],
  },
  outgoing: { every: 4, volume: 0.05, beeps: [[0, 1, 425]] },
};
const FADE = 0.03;

/** Rings with tones made on the spot, one kind at a time; silent where the browser allows no sound yet. */
export class Ringer {
  private context: AudioContext | null = null;
  private timer: number | undefined;
  private playing: Tone | null = null;

  /** Plays over and over; null: stops at once. */
  play(tone: Tone | null): void {
    if (tone === this.playing) return;
    this.playing = tone;
    clearInterval(this.timer);
    void this.context?.close().catch(() => undefined);
    this.context = null;
    if (!tone || typeof AudioContext === "undefined") return;
    const context = new AudioContext();
    this.context = context;
    const once = (): void => {
      beep(context, patterns[tone]);
      if (tone === "incoming") shake();
    };
    once();
    this.timer = window.setInterval(once, patterns[tone].every * 1000);
  }
}

function beep(context: AudioContext, { beeps, volume }: Pattern): void {
  // Before the first click on a page there is no sound; what was not heard then is not made up for.
  if (context.state !== "running") {
    void context.resume().catch(() => undefined);
    if (!navigator.userActivation?.hasBeenActive) return;
  }
  for (const [at, seconds, hertz] of beeps) {
    const from = context.currentTime + at;
    const source = context.createOscillator();
    const gain = context.createGain();
    source.frequency.value = hertz;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(volume, from + FADE);
    gain.gain.setValueAtTime(volume, from + seconds - FADE);
    gain.gain.linearRampToValueAtTime(0, from + seconds);
    source.connect(gain).connect(context.destination);
    source.start(from);
    source.stop(from + seconds);
  }
}

function shake(): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
}
