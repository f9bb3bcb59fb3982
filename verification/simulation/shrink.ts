import { play } from "./play.ts";
import type { Scenario } from "./Scenario.ts";

/** Plays at the most, so that a scenario that fails now and then does not hold up the rest. */
const MOST_PLAYS = 600;

/**
 * Leaves out whatever a scenario can do without and still break the same promise: messages, operators' doings, outages,
 * single faults, whole kinds of them.
 */
export async function shrink(scenario: Scenario, rule: string): Promise<Scenario> {
  let plays = 0;
  const fails = async (candidate: Scenario) => {
    if (++plays > MOST_PLAYS) return false;
    return (await play(candidate)).violations.some((violation) => violation.rule === rule);
  };
  let best = scenario;
  for (let before: Scenario | undefined; before !== best; ) {
    before = best;
    best = await without(best, best.actions, (actions) => ({ ...best, actions }), fails);
    best = await without(best, best.outages, (outages) => ({ ...best, outages }), fails);
    const rates = Object.entries(best.rates);
    best = await without(best, rates, (kept) => ({ ...best, rates: Object.fromEntries(kept) }), fails);
    const { faults } = await play(best);
    const { without: already } = best;
    const leftOut = (kept: readonly string[]) => faults.filter((name) => !kept.includes(name));
    best = await without(best, faults, (kept) => ({ ...best, without: [...already, ...leftOut(kept)] }), fails);
    for (const simpler of [{ skew: 0 }, { pageSize: 1_000 }, { chunk: 4_000 }, { ttl: "off" as const }]) {
      const candidate = { ...best, ...simpler };
      if (JSON.stringify(candidate) !== JSON.stringify(best) && (await fails(candidate))) best = candidate;
    }
  }
  return best;
}

/** Leaves out parts of a list, large ones first; answers the smallest scenario that still fails. */
async function without<Part>(
  scenario: Scenario,
  parts: readonly Part[],
  build: (kept: readonly Part[]) => Scenario,
  fails: (candidate: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let kept = parts;
  let best = scenario;
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length; ) {
      const fewer = [...kept.slice(0, start), ...kept.slice(start + size)];
      const candidate = build(fewer);
      if (await fails(candidate)) {
        kept = fewer;
        best = candidate;
      } else start += size;
    }
  }
  return best;
}
