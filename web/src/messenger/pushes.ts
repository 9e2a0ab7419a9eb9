import * as notificationsApi from "@/api/notifications";
import { getChoice, setChoice } from "@/lib/choices";
import { workerReady } from "@/lib/worker";

/**
 * Whether this browser tells me while no page is open: `off` and `on` are mine to choose; the others say
 * why not: it cannot, the page is not secure, it has to be installed first, I have forbidden it, or
 * the browser's push service did not answer.
 */
export type PushState = "unknown" | "unable" | "insecure" | "install" | "off" | "denied" | "failed" | "on";

/** Subscribes this browser to pushes. */
export class Pushes {
  private state: PushState = "unknown";
  private isOffered = false;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): PushState => this.state;

  /** Whether it is the moment to ask if pushes are wanted. */
  readonly getOffered = (): boolean => this.isOffered;

  /** On each connection: the server forgets what fails for long, and its key may be another. */
  async connected(): Promise<void> {
    this.look();
    if (this.state === "off" && getChoice("push") && Notification.permission === "granted") await this.renew();
  }

  /** Looks how things stand. */
  look(): void {
    const obstacle = obstacleHere();
    if (obstacle) {
      this.set(obstacle);
      return;
    }
    // What has failed stays so until it is tried again.
    const isGranted = Notification.permission === "granted";
    if (!isGranted || (this.state !== "on" && this.state !== "failed")) this.set("off");
  }

  /** Asks for permission, which only a click may do, and subscribes. */
  async turnOn(): Promise<void> {
    this.decline();
    const obstacle = obstacleHere();
    if (obstacle && obstacle !== "denied") {
      this.set(obstacle);
      return;
    }
    if ((await Notification.requestPermission()) !== "granted") {
      this.set(Notification.permission === "denied" ? "denied" : "off");
      return;
    }
    setChoice("push", true);
    await this.renew();
  }

  async turnOff(): Promise<void> {
    setChoice("push", false);
    const registration = await workerReady();
    await (await registration?.pushManager.getSubscription())?.unsubscribe();
    this.set("off");
    await notificationsApi.unsubscribe().catch(() => undefined);
  }

  /** A message was sent: someone may want to hear of the answer. Asked once, and never before. */
  sentOne(): void {
    if (this.state !== "off" || getChoice("asked") || getChoice("push") || Notification.permission !== "default") return;
    this.offer(true);
  }

  /** Not to be asked again. */
  decline(): void {
    setChoice("asked", true);
    this.offer(false);
  }

  /** Shows what a notification looks like here. */
  async test(title: string, body: string): Promise<void> {
    const registration = await workerReady();
    await registration?.showNotification(title, { body, tag: "test", icon: "/icons/icon-192.png", badge: "/icons/badge-96.png", data: { path: "/settings/notifications" } });
  }

  /** Someone else may log in next. */
  reset(): void {
    this.offer(false);
    this.set("unknown");
  }

  private async renew(): Promise<void> {
    const registration = await workerReady();
    if (!registration) {
      this.set("failed");
      return;
    }
    try {
      const { key } = await notificationsApi.getVapidKey();
      const held = await registration.pushManager.getSubscription();
      if (held && !hasKey(held, key)) await held.unsubscribe();
      const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      await notificationsApi.subscribe(subscription.toJSON());
      this.set("on");
    } catch {
      this.set(obstacleHere() ?? "failed");
    }
  }

  private set(state: PushState): void {
    if (state === this.state) return;
    this.state = state;
    this.tell();
  }

  private offer(isOffered: boolean): void {
    if (isOffered === this.isOffered) return;
    this.isOffered = isOffered;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function obstacleHere(): PushState | null {
  if (!window.isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
    return /iPhone|iPad/.test(navigator.userAgent) && !matchMedia("(display-mode: standalone)").matches ? "install" : "unable";
  }
  return Notification.permission === "denied" ? "denied" : null;
}

/** Whether a subscription was made with this key, written in base64url. */
function hasKey(subscription: PushSubscription, key: string): boolean {
  const held = subscription.options.applicationServerKey;
  if (!held) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(held)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") === key.replace(/=+$/, "");
}
