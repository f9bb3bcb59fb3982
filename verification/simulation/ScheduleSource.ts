import { wiring } from "../../cdk/wiring.ts";
import type { IndexCopy } from "./aws/IndexCopy.ts";
import type { Surroundings } from "./Invocation.ts";

/** What a schedule calls the expiry function with. */
type ScheduleEvent = { readonly type: "sweep" } | { readonly type: "retention" };

const MINUTE = 60_000;

/** How often retention runs, minutes: as `wiring` says. */
const RETENTION_EVERY = 10;

/**
 * The two schedules. One that comes late, twice or not at all is a fault. One that would find nothing is left out: it
 * makes no difference, and most of a scenario's minutes are such.
 */
export class ScheduleSource {
  private paused = false;
  private minutes = 0;
  private readonly surroundings: Surroundings;
  private readonly index: IndexCopy;
  private readonly retention: number;
  private readonly invoke: (event: ScheduleEvent) => void;

  /** @param retention milliseconds */
  constructor(surroundings: Surroundings, index: IndexCopy, retention: number, invoke: (event: ScheduleEvent) => void) {
    this.surroundings = surroundings;
    this.index = index;
    this.retention = retention;
    this.invoke = invoke;
    const { timeline, random } = surroundings;
    timeline.after(random.whole(0, MINUTE), () => this.tick());
  }

  pause(paused: boolean): void {
    this.paused = paused;
  }

  private tick(): void {
    const { timeline, faults } = this.surroundings;
    timeline.after(MINUTE, () => this.tick());
    if (this.paused) return;
    if (++this.minutes % RETENTION_EVERY === 0 && this.index.showsBefore("ENDED#", timeline.now - this.retention)) {
      this.invoke(wiring.schedules.retention.input);
    }
    // Another minute for clocks that are ahead.
    if (!this.index.showsBefore("DUE#", timeline.now + 2 * MINUTE) || faults.happens("sweepMissing")) return;
    const late = faults.happens("sweepLate") ? faults.degree("sweepLate") * MINUTE : 0;
    for (let times = faults.happens("sweepTwice") ? 2 : 1; times > 0; times--) {
      timeline.after(late, () => this.invoke(wiring.schedules.sweep.input));
    }
  }
}
