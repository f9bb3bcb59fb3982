import { wiring } from "../../cdk/wiring.ts";
import type { IndexCopy } from "./aws/IndexCopy.ts";
import type { Item } from "./aws/Item.ts";
import type { Surroundings } from "./Invocation.ts";

/** What a schedule calls the expiry function with. */
type ScheduleEvent = { readonly type: "sweep" } | { readonly type: "retention" };

const MINUTE = 60_000;

/** How often retention runs, minutes: as `wiring` says. */
const RETENTION_EVERY = 10;

/** What a sweep that begins now may look at, milliseconds: a minute ahead, by a clock that is ahead itself. */
const LOOK_AHEAD = MINUTE + 2_000;

/** How often a sweep is made that would only meet hooks that wait, minutes. */
const WATCH_EVERY = 10;

/**
 * The two schedules. One that comes late, twice or not at all is a fault. One that would find nothing is left out: it
 * makes no difference, and most of a scenario's minutes are such. So are nine of ten sweeps that would only meet hooks whose
 * next attempt is later: the oldest one is met by each sweep, so that its age is told, and two writes leave its row as it
 * was. In a scenario with a provider that is down for hours nearly all sweeps are such.
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
    const isWatch = this.minutes % WATCH_EVERY === 0;
    if (!this.isWorth(2 * MINUTE, isWatch) || faults.happens("sweepMissing")) return;
    const late = faults.happens("sweepLate") ? faults.degree("sweepLate") * MINUTE : 0;
    for (let times = faults.happens("sweepTwice") ? 2 : 1; times > 0; times--) {
      timeline.after(late, () => {
        if (this.isWorth(LOOK_AHEAD, isWatch)) this.invoke(wiring.schedules.sweep.input);
      });
    }
  }

  /** Whether a sweep that looks so many milliseconds ahead makes a difference, or meets a hook that waits and is to. */
  private isWorth(ahead: number, isWatch: boolean): boolean {
    const end = this.surroundings.timeline.now + ahead;
    return this.index.showsBefore("DUE#", end, (item) => isWatch || !waits(item, end));
  }
}

/** Whether it is a hook that a sweep can do nothing for before then. */
function waits({ sk, nextAttemptAt }: Item, end: number): boolean {
  return String(sk).startsWith("HOOK#") && Number(nextAttemptAt) > end;
}
