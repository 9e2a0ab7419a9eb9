import { getIceServers } from "@/api/calls";

/** Credentials are renewed this long before they end. */
const EARLY_MS = 120_000;
const AGAIN_MS = 15_000;

/** The servers by which devices find each other, kept fresh for as long as a call lasts. */
export class IceServers {
  configuration: RTCConfiguration = { iceServers: [] };
  private timer: number | undefined;
  private isStopped = false;

  constructor(private readonly renewed: (configuration: RTCConfiguration) => void) {}

  /** Reads them. Without them a call may still find its way within one network, so this never rejects. */
  async load(): Promise<void> {
    let wait = AGAIN_MS;
    try {
      const { ice_servers, expires_at } = await getIceServers();
      if (this.isStopped) return;
      this.configuration = { iceServers: ice_servers };
      wait = Math.max(AGAIN_MS, Date.parse(expires_at) - Date.now() - EARLY_MS);
      this.renewed(this.configuration);
    } catch {
      // Tried again soon.
    }
    // Browsers take a longer time for none at all.
    if (!this.isStopped) this.timer = window.setTimeout(() => void this.load(), Math.min(wait, 2 ** 31 - 1));
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }
}
