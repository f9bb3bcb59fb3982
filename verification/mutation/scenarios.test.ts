import { describe, expect, it } from "vitest";
import { generateScenario } from "../simulation/generateScenario.ts";
import { play } from "../simulation/play.ts";

/** Scenarios of one test, few at first: a mutant that breaks much is found by the first of them. */
const PARTS = [1, 4, 15];

/** What runs in circles must end, so that it fails. The longest of these scenarios has a third of it. */
const MOST = 50_000;

describe("a made-up scenario", () => {
  let from = 1;
  for (const count of PARTS) {
    const seeds = Array.from({ length: count }, (_, index) => from + index);
    from += count;
    it(`keeps every promise, from seed ${seeds[0]}, ${count} of them`, { timeout: 60_000 }, async () => {
      for (const seed of seeds) {
        const { violations } = await play(generateScenario(String(seed)), undefined, MOST);
        expect(violations, `seed ${seed}`).toEqual([]);
      }
    });
  }
});
