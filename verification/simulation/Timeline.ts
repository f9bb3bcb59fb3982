import { Heap } from "./Heap.ts";

/** Something that happens at a moment. */
interface Happening {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Virtual time: happenings in the order of their moments, each followed to its end before the next. Time jumps from one
 * to the next, so a day of waiting costs nothing.
 */
export class Timeline {
  /** Milliseconds since the epoch. */
  now: number;
  private readonly heap = new Heap<Happening>(before);
  private count = 0;
  private awake = false;
  private readonly most: number;

  /** @param most how many happenings there may be */
  constructor(start: number, most = Number.POSITIVE_INFINITY) {
    this.now = start;
    this.most = most;
  }

  /** Runs `run` at that moment, or now when it has passed; answers how to call it off. Clocks tell whole milliseconds. */
  at(time: number, run: () => void): () => void {
    if (this.count >= this.most) throw new Error(`it does not come to rest: ${this.most} happenings`);
    const at = Math.max(Math.ceil(time), this.now);
    const happening: Happening = { at, order: this.count++, run, cancelled: false };
    this.heap.push(happening);
    return () => {
      happening.cancelled = true;
    };
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.at(this.now + milliseconds, run);
  }

  /** Code that awaits something was woken: it runs until it waits again before the next happening. */
  wake(): void {
    this.awake = true;
  }

  /** Lets everything happen up to that moment. */
  async runUntil(end: number): Promise<void> {
    for (;;) {
      if (this.awake) {
        this.awake = false;
        // After it every promise that could go on has gone on.
        await new Promise(setImmediate);
      }
      const next = this.heap.top;
      if (!next || next.at > end) break;
      this.heap.pop();
      if (next.cancelled) continue;
      this.now = next.at;
      next.run();
    }
    this.now = Math.max(this.now, end);
  }
}

function before(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
