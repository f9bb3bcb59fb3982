import type { Played } from "./play.ts";

/** What many scenarios come to. */
export interface Totals {
  readonly runs: number;
  readonly sessions: number;
  readonly turns: number;
  /** How often each kind of fault happened. */
  readonly faults: Readonly<Record<string, number>>;
}

export const NOTHING: Totals = { runs: 0, sessions: 0, turns: 0, faults: {} };

/** The totals and one scenario more. */
export function counted(totals: Totals, { sessions, turns, faults }: Played): Totals {
  const found: Record<string, number> = {};
  for (const name of faults) {
    const kind = name.slice(0, name.indexOf("#"));
    found[kind] = (found[kind] ?? 0) + 1;
  }
  return added(totals, { runs: 1, sessions, turns, faults: found });
}

/** Both together. */
export function added(a: Totals, b: Totals): Totals {
  const faults: Record<string, number> = { ...a.faults };
  for (const [kind, count] of Object.entries(b.faults)) faults[kind] = (faults[kind] ?? 0) + count;
  return { runs: a.runs + b.runs, sessions: a.sessions + b.sessions, turns: a.turns + b.turns, faults };
}
