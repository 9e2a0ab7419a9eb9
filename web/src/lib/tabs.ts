/** The other tabs of this browser: one of them speaks for all, and what one does the others hear. */

const NAME = "chatproject";

export type Word = "in" | "out" | "warned";

/**
 * Of several tabs the one that was looked at last speaks: it alone makes sounds and shows
 * notifications. When it is closed, another one takes over by itself.
 */
export class Tabs {
  private channel: BroadcastChannel | null = null;
  private isSpeaker = false;

  constructor(private readonly heard: (word: Word) => void) {}

  start(): void {
    if ("BroadcastChannel" in globalThis) {
      this.channel = new BroadcastChannel(NAME);
      this.channel.onmessage = (event: MessageEvent<Word>) => this.heard(event.data);
    }
    // A browser without locks has one voice a tab; better twice than never.
    if (!navigator.locks) {
      this.isSpeaker = true;
      return;
    }
    if (document.hasFocus()) this.speakUp();
    else this.queue();
    addEventListener("focus", this.speakUp);
  }

  /** Whether this tab is the one that is heard. */
  get speaks(): boolean {
    return this.isSpeaker;
  }

  /** Lets the other tabs know. */
  tell(word: Word): void {
    this.channel?.postMessage(word);
  }

  private readonly speakUp = (): void => {
    if (!this.isSpeaker) this.hold({ steal: true });
  };

  private queue(): void {
    this.hold({});
  }

  private hold(options: LockOptions): void {
    navigator.locks
      .request(`${NAME}:speaker`, options, () => {
        this.isSpeaker = true;
        // Held until the tab is closed, or another one is looked at.
        return new Promise<never>(() => undefined);
      })
      .catch(() => {
        this.isSpeaker = false;
        this.queue();
      });
  }
}
