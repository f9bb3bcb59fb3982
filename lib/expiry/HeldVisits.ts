import type { ItemKey } from "../store/keys.ts";

/** What the table says of a session: the key of its row, and when it is due, milliseconds since the epoch. */
export interface Due extends ItemKey {
  readonly at: number;
}

/**
 * For how long at the most a session that goes on stays due in the table, milliseconds. To move its due time costs three write
 * units, as much as 15 read units; a sweep of another process, which does not know of it, spends one. At the default of 30
 * minutes of silence none is moved.
 */
export const LONGEST_HELD = 30 * 60_000;

/** What another process has to visit in a third of a minute. Others are moved in the table. */
const MOST = 4_000;

/**
 * Sessions that are due in the table and go on, with when they are due indeed, as sweeps of this process have seen it. No more
 * than a hint: what is not known here is visited, and whoever changes the due time in the table is believed.
 */
export class HeldVisits {
  private readonly held = new Map<string, { readonly from: number; readonly to: number }>();

  /** When what is due in the table is to be visited, milliseconds since the epoch. */
  dueAt({ sk, at }: Due): number {
    const held = this.held.get(sk);
    return held?.from === at ? held.to : at;
  }

  /** For how long at the most one more session may go on without being moved in the table, milliseconds. */
  get longest(): number {
    return this.held.size < MOST ? LONGEST_HELD : 0;
  }

  /** A visit to what was due has found that it is due at `to`, milliseconds since the epoch, and has not moved it. */
  hold({ sk, at }: Due, to: number): void {
    this.held.set(sk, { from: at, to });
  }

  /** Forgets what is due by `now`, milliseconds since the epoch: it is visited, or it is not in the table any more. */
  forgetDue(now: number): void {
    for (const [sk, { to }] of this.held) if (to <= now) this.held.delete(sk);
  }
}
