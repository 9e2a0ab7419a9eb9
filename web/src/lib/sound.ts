/** A short sound of two notes, made here: no file to load. */

const NOTES = [
  { at: 0, hertz: 587.33 },
  { at: 0.11, hertz: 880 },
] as const;
const LOUDNESS = 0.12;
const SECONDS = 0.28;

let context: AudioContext | null = null;

/** Plays it; silent where the browser does not let a page be heard that nobody has touched yet. */
export function ping(): void {
  if (!("AudioContext" in globalThis)) return;
  try {
    context ??= new AudioContext();
    void context.resume();
    for (const { at, hertz } of NOTES) note(context, context.currentTime + at, hertz);
  } catch {
    // No device to be heard by.
  }
}

function note(audio: AudioContext, at: number, hertz: number): void {
  const tone = new OscillatorNode(audio, { type: "sine", frequency: hertz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + SECONDS);
  tone.connect(gain).connect(audio.destination);
  tone.start(at);
  tone.stop(at + SECONDS);
}
