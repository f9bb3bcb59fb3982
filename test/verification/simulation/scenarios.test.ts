import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generateScenario } from "../../../verification/simulation/generateScenario.ts";
import { play } from "../../../verification/simulation/play.ts";
import type { Scenario } from "../../../verification/simulation/Scenario.ts";

const FOLDER = join(import.meta.dirname, "scenarios");

const paths = globSync("*.json", { cwd: FOLDER }).toSorted();

function read(path: string): Scenario {
  return JSON.parse(readFileSync(join(FOLDER, path), "utf8"));
}

// Each takes over this thread's timers while it is played, so that they are played one after the other.
describe("scenarios that broke a promise once, or in which much goes wrong", () => {
  it.each(paths)("%s breaks no promise", async (path) => {
    const { violations, turns } = await play(read(path));
    expect(violations).toEqual([]);
    expect(turns).toBeGreaterThan(0);
  });

  it("hold, between them, faults of nearly every kind", async () => {
    const kinds = new Set<string>();
    for (const path of paths) {
      const { faults } = await play(read(path));
      for (const name of faults) kinds.add(name.slice(0, name.indexOf("#")));
    }
    expect(kinds.size).toBeGreaterThanOrEqual(20);
  });
});

describe("playing a scenario", () => {
  it("comes to the same again, from the same seed and from a file", async () => {
    const scenario = generateScenario("96");
    const first = await play(scenario);
    expect(await play(JSON.parse(JSON.stringify(scenario)))).toEqual(first);
    expect(first.faults).not.toEqual([]);
  });

  it("gives the thread its timers back", async () => {
    const { setTimeout: before } = globalThis;
    await play(generateScenario("40"));
    expect(globalThis.setTimeout).toBe(before);
  });
});
