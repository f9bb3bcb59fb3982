import type { Faults } from "./Faults.ts";
import type { Effect } from "./SignedServer.ts";

/** What becomes of a session that was accepted. */
type Fate = "stored" | "failed" | "refused" | "lost";

interface Work {
  readonly body: string;
  readonly takenAt: number;
  /** When it is over; never, of one that stands still. */
  readonly readyAt: number;
  readonly fate: Fate;
}

/** The longest that work takes where nothing goes wrong, milliseconds. */
const LONGEST = 15_000;

/** One that has stood still for so long begins anew when it is sent again, milliseconds. */
const STUCK = 23 * 3_600_000;

/** The sessions that a provider has accepted, and works on: it stores them, fails at them, loses them, or stands still. */
export class Works {
  /** What it last said of a session, by its key: milliseconds since the epoch. */
  readonly words = new Map<string, { readonly state: Fate | "working"; readonly at: number }>();
  private readonly works = new Map<string, Work>();
  private readonly faults: Faults;
  private readonly now: () => number;
  private readonly effects: Map<string, Effect>;

  /** @param effects gets what is stored */
  constructor(faults: Faults, now: () => number, effects: Map<string, Effect>) {
    this.faults = faults;
    this.now = now;
    this.effects = effects;
  }

  /** Accepts a session. One that it works on, or has stored, is known by its key. */
  take(id: string, body: string): void {
    const work = this.works.get(id);
    const now = this.now();
    const isKnown = work && (work.readyAt > now ? now < work.takenAt + STUCK : work.fate === "stored");
    if (isKnown || this.effects.has(id)) return;
    const fate = this.drawFate();
    const isStuck = this.faults.happens("providerWorksLong");
    const takes = isStuck ? Number.POSITIVE_INFINITY : 500 + this.faults.degree("providerWorksLong") * LONGEST;
    this.works.set(id, { body, takenAt: now, readyAt: now + takes, fate });
  }

  /** What became of it; `lost` is said of all that it knows nothing of. */
  tell(id: string): Fate | "working" {
    const state = this.effects.has(id) ? "stored" : this.stateOf(id);
    this.words.set(id, { state, at: this.now() });
    return state;
  }

  private stateOf(id: string): Fate | "working" {
    const work = this.works.get(id);
    if (!work) return "lost";
    if (work.readyAt > this.now()) return "working";
    if (work.fate === "stored") this.effects.set(id, { id, body: work.body });
    return work.fate;
  }

  private drawFate(): Fate {
    const { faults } = this;
    if (faults.happens("providerLoses")) return "lost";
    if (!faults.happens("providerWorkFails")) return "stored";
    return faults.degree("providerWorkFails") < 0.7 ? "failed" : "refused";
  }
}
