/** Microphone, camera and screen of this device. */

import type { CallMedia } from "@/api/calls";

export type DeviceKind = "microphone" | "camera" | "screen";
export type Trouble = "denied" | "missing" | "in_use" | "insecure" | "failed";

/** A device could not be had, and why. */
export class DeviceError extends Error {
  constructor(
    readonly device: DeviceKind,
    readonly trouble: Trouble,
  ) {
    super(`${device}: ${trouble}`);
  }
}

/** What the browser's refusal means. */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "in_use";
  return "failed";
}

const CHOSEN_KEY = "calls.devices";
const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

type Chosen = Partial<Record<MediaDeviceKind, string>>;

/** The devices that were chosen here the last time. */
export function chosenDevices(): Chosen {
  try {
    return JSON.parse(localStorage.getItem(CHOSEN_KEY) ?? "{}") as Chosen;
  } catch {
    return {};
  }
}

/** Takes this device from now on, here. */
export function rememberDevice(kind: MediaDeviceKind, id: string): void {
  try {
    localStorage.setItem(CHOSEN_KEY, JSON.stringify({ ...chosenDevices(), [kind]: id }));
  } catch {
    // Then it is chosen for this call only.
  }
}

/** Rejects with DeviceError, also where the browser has no devices at all, as on plain HTTP. */
export async function capture(device: DeviceKind, ask: (devices: MediaDevices) => Promise<MediaStream>): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new DeviceError(device, "insecure");
  try {
    return await ask(devices);
  } catch (error) {
    throw new DeviceError(device, troubleOf(error));
  }
}

function wish(kind: "audioinput" | "videoinput"): MediaTrackConstraints {
  const id = chosenDevices()[kind];
  // Not exact: a device that was unplugged since is no reason to fail.
  return { ...(kind === "videoinput" ? CAMERA : {}), ...(id ? { deviceId: { ideal: id } } : {}) };
}

/** What this side of a call sends; `changed` is called when the tracks are others than before. */
export class LocalMedia {
  /** The tracks belong to it, so that they are played in step. */
  readonly stream = new MediaStream();
  audio: MediaStreamTrack | null = null;
  camera: MediaStreamTrack | null = null;
  screen: MediaStreamTrack | null = null;
  /** Why there is no camera though one was asked for. */
  cameraTrouble: Trouble | null = null;
  isMuted = false;
  private isClosed = false;

  constructor(private readonly changed: () => void) {}

  /** What is sent as picture: the screen before the camera. */
  get video(): MediaStreamTrack | null {
    return this.screen ?? this.camera;
  }

  /** Opens microphone and camera; without a camera the call goes on. Rejects with DeviceError. */
  async open(media: CallMedia): Promise<void> {
    const audio = wish("audioinput");
    let stream: MediaStream;
    try {
      stream = await capture("microphone", (devices) => devices.getUserMedia({ audio, video: media === "video" ? wish("videoinput") : false }));
    } catch (error) {
      if (media === "audio" || !(error instanceof DeviceError) || error.trouble === "insecure") throw error;
      stream = await capture("microphone", (devices) => devices.getUserMedia({ audio }));
      this.cameraTrouble = error.trouble;
    }
    this.takeAudio(trackOf(stream, "audio"));
    this.takeCamera(trackOf(stream, "video"));
  }

  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted;
    if (this.audio) this.audio.enabled = !isMuted;
    this.changed();
  }

  /** Rejects with DeviceError. */
  async setCamera(isOn: boolean): Promise<void> {
    this.cameraTrouble = null;
    if (isOn === (this.camera !== null)) return;
    this.takeCamera(isOn ? await openCamera(wish("videoinput")) : null);
  }

  /** Shows a screen or window instead of the camera, until it is stopped here or in the browser's bar. Rejects with DeviceError. */
  async share(isOn: boolean): Promise<void> {
    if (!isOn) {
      this.takeScreen(null);
      return;
    }
    const stream = await capture("screen", (devices) => devices.getDisplayMedia({ video: { frameRate: { ideal: 15 } } }));
    this.takeScreen(trackOf(stream, "video"));
  }

  /** Goes on with another device, and remembers it. Rejects with DeviceError. */
  async choose(kind: MediaDeviceKind, id: string): Promise<void> {
    const deviceId = { exact: id };
    if (kind === "audioinput") {
      const stream = await capture("microphone", (devices) => devices.getUserMedia({ audio: { deviceId } }));
      this.takeAudio(trackOf(stream, "audio"));
    } else if (kind === "videoinput" && this.camera) {
      // Some phones open one camera at a time only.
      this.takeCamera(null);
      this.takeCamera(await openCamera({ ...CAMERA, deviceId }));
    }
    rememberDevice(kind, id);
    this.changed();
  }

  /** Lets everything go, also what the person has yet to allow. */
  close(): void {
    this.isClosed = true;
    for (const track of [this.audio, this.camera, this.screen]) this.drop(track);
    this.audio = this.camera = this.screen = null;
  }

  private takeAudio(track: MediaStreamTrack | null): void {
    this.drop(this.audio);
    this.audio = this.keep(track, () => void this.replaceMicrophone());
    if (this.audio) this.audio.enabled = !this.isMuted;
    this.changed();
  }

  private takeCamera(track: MediaStreamTrack | null): void {
    this.drop(this.camera);
    this.camera = this.keep(track, () => {
      this.cameraTrouble = "missing";
      this.takeCamera(null);
    });
    this.changed();
  }

  private takeScreen(track: MediaStreamTrack | null): void {
    this.drop(this.screen);
    this.screen = this.keep(track, () => this.takeScreen(null));
    this.changed();
  }

  /** The microphone was unplugged: the call goes on with one that is left. */
  private async replaceMicrophone(): Promise<void> {
    const stream = await capture("microphone", (devices) => devices.getUserMedia({ audio: true })).catch(() => null);
    this.takeAudio(stream && trackOf(stream, "audio"));
  }

  private keep(track: MediaStreamTrack | null, ended: () => void): MediaStreamTrack | null {
    if (!track) return null;
    if (this.isClosed) {
      track.stop();
      return null;
    }
    this.stream.addTrack(track);
    track.onended = ended;
    return track;
  }

  private drop(track: MediaStreamTrack | null): void {
    if (!track) return;
    track.onended = null;
    track.stop();
    this.stream.removeTrack(track);
  }
}

async function openCamera(video: MediaTrackConstraints): Promise<MediaStreamTrack | null> {
  return trackOf(await capture("camera", (devices) => devices.getUserMedia({ video })), "video");
}

function trackOf(stream: MediaStream, kind: "audio" | "video"): MediaStreamTrack | null {
  return stream.getTracks().find((track) => track.kind === kind) ?? null;
}
