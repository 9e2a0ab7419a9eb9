/** Keeps a stream of frames below what the server calls flooding. */
export class Pace {
  private windowStart = 0;
  private taken = 0;

  constructor(private readonly perSecond: number) {}

  /** 0 where one more may go now, and counts it; else the milliseconds to wait. */
  take(): number {
    const now = Date.now();
    if (now - this.windowStart >= 1_000) {
      this.windowStart = now;
      this.taken = 0;
    }
    if (this.taken >= this.perSecond) return this.windowStart + 1_000 - now;
    this.taken++;
    return 0;
  }
}
