const MAX = 6;
const DOUBLE = 2.5;

interface Point {
  x: number;
  y: number;
}

interface Touch extends Point {
  id: number;
}

/** Zooming into a picture: by wheel, double click, two fingers and keys; what is zoomed can be moved. */
export class Zoom {
  private box: HTMLElement | null = null;
  private scale = 1;
  private at: Point = { x: 0, y: 0 };
  private readonly fingers = new Map<number, Point>();

  /** `tell`: whether less than the whole picture is in view. */
  constructor(private readonly tell: (isZoomed: boolean) => void) {}

  /** The element that is zoomed, whole at first; for React's `ref`. */
  readonly attach = (box: HTMLElement | null): (() => void) | undefined => {
    const area = box?.parentElement;
    if (!box || !area) return undefined;
    this.box = box;
    this.reset();
    // React's own wheel listeners may not prevent the page's zoom.
    area.addEventListener("wheel", this.onWheel, { passive: false });
    return () => {
      area.removeEventListener("wheel", this.onWheel);
      this.fingers.clear();
      this.box = null;
    };
  };

  readonly by = (factor: number): void => this.put(this.scale * factor, this.at);

  readonly reset = (): void => this.put(1, this.at);

  /** All of it, or a good part. */
  readonly toggle = (): void => (this.scale > 1 ? this.reset() : this.by(DOUBLE));

  readonly down = ({ id, x, y }: Touch): void => void this.fingers.set(id, { x, y });

  readonly up = ({ id }: Touch): void => void this.fingers.delete(id);

  readonly move = ({ id, x, y }: Touch): void => {
    const before = this.fingers.get(id);
    if (!before) return;
    this.fingers.set(id, { x, y });
    const other = [...this.fingers].find(([finger]) => finger !== id)?.[1];
    if (other) {
      const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      this.by(apart({ x, y }) / apart(before));
    } else if (this.scale > 1) {
      this.put(this.scale, { x: this.at.x + x - before.x, y: this.at.y + y - before.y });
    }
  };

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 300));
  };

  /** By hand and not by state: it follows the finger. The picture never leaves its place altogether. */
  private put(wanted: number, { x, y }: Point): void {
    const scale = Math.min(MAX, Math.max(1, wanted));
    const reach = (size: number): number => (size * (scale - 1)) / 2;
    const within = (value: number, end: number): number => Math.min(end, Math.max(-end, value));
    this.scale = scale;
    this.at = { x: within(x, reach(this.box?.offsetWidth ?? 0)), y: within(y, reach(this.box?.offsetHeight ?? 0)) };
    if (this.box) this.box.style.transform = scale === 1 ? "" : `translate(${this.at.x}px, ${this.at.y}px) scale(${scale})`;
    this.tell(scale > 1);
  }
}
