/** Recording a voice from the microphone. */

/** What was recorded. */
export interface Take {
  blob: Blob;
  /** Seconds. */
  duration: number;
  /** 64 numbers from 0 to 100. */
  waveform: number[];
}

export type RecordingProblem = "denied" | "none" | "insecure" | "failed";

export class CannotRecord extends Error {
  constructor(readonly problem: RecordingProblem) {
    super(problem);
  }
}

/** The first that the browser can write; the server takes all of them. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const LEVEL_EVERY_MS = 60;
const WAVEFORM = 64;
const BITS_PER_SECOND = 32_000;
/** Speech is far from as loud as can be: this much is shown as full. */
const LOUD = 0.28;

/** Whether this browser could record, microphone or not. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && "mediaDevices" in navigator;
}

/** Asks for the microphone and begins. `onLevel` hears how loud it is, 0 to 100. Rejects with CannotRecord. */
export async function record(onLevel: (level: number) => void): Promise<Recording> {
  if (!window.isSecureContext || !canRecord()) throw new CannotRecord("insecure");
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new CannotRecord(name === "NotAllowedError" ? "denied" : name === "NotFoundError" ? "none" : "failed");
  }
  try {
    return new Recording(stream, onLevel);
  } catch {
    for (const track of stream.getTracks()) track.stop();
    throw new CannotRecord("failed");
  }
}

/** A recording under way. */
export class Recording {
  private readonly recorder: MediaRecorder;
  private readonly context = new AudioContext();
  private readonly pieces: Blob[] = [];
  private readonly levels: number[] = [];
  private readonly startedAt = performance.now();
  private readonly timer: number;

  constructor(
    private readonly stream: MediaStream,
    onLevel: (level: number) => void,
  ) {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType ? { mimeType } : {}) });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.pieces.push(data);
    };
    const analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      const level = Math.min(100, Math.round((Math.sqrt(power) / LOUD) * 100));
      this.levels.push(level);
      onLevel(level);
    }, LEVEL_EVERY_MS);
    this.recorder.start(1_000);
  }

  /** Ends it; answers what was recorded. */
  async stop(): Promise<Take> {
    const duration = (performance.now() - this.startedAt) / 1000;
    if (this.recorder.state !== "inactive") {
      await new Promise<void>((resolve) => {
        this.recorder.onstop = () => resolve();
        this.recorder.stop();
      });
    }
    this.release();
    return { blob: new Blob(this.pieces, { type: this.recorder.mimeType.split(";")[0] ?? "" }), duration, waveform: spread(this.levels) };
  }

  /** Ends it for nothing. */
  cancel(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.release();
  }

  private release(): void {
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close().catch(() => undefined);
  }
}

/** As many levels as a waveform has, each the loudest of its part. */
function spread(levels: readonly number[]): number[] {
  return Array.from({ length: WAVEFORM }, (_, index) => {
    const from = Math.floor((index * levels.length) / WAVEFORM);
    const to = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / WAVEFORM));
    return Math.max(0, ...levels.slice(from, to));
  });
}
