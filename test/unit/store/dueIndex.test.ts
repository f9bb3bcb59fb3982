import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHARDS, type State, stateKey, stateKeys } from "../../../lib/store/dueIndex.ts";

const state = fc.constantFrom<State>("DUE", "ENDED", "DEAD");

describe("dueIndex", () => {
  it("L12 finds whatever is put into a state among the state's partitions", () => {
    fc.assert(
      fc.property(state, fc.string(), (of, session) => {
        const key = stateKey(of, session);
        expect(stateKeys(of)).toContain(key);
        expect(stateKey(of, session)).toBe(key);
      }),
    );
  });

  it("keeps a session and its hooks in the same part from state to state", () => {
    fc.assert(
      fc.property(fc.string(), (session) => {
        const parts = (["DUE", "ENDED", "DEAD"] as const).map((of) => stateKey(of, session).split("#")[1]);
        expect(new Set(parts).size).toBe(1);
      }),
    );
  });

  it("has eight parts a state, and none of two states", () => {
    const all = (["DUE", "ENDED", "DEAD"] as const).flatMap((of) => stateKeys(of));
    expect(all).toHaveLength(3 * SHARDS);
    expect(new Set(all).size).toBe(3 * SHARDS);
  });

  it.each([1, 2, 4, 8])("gives %i sweeps equal parts of the partitions, which are all of them", (of) => {
    const parts = Array.from({ length: of }, (_, part) => stateKeys("DUE", { part, of }));
    for (const part of parts) expect(part).toHaveLength(SHARDS / of);
    expect(parts.flat().sort()).toEqual(stateKeys("DUE"));
  });

  it("L5 spreads sessions evenly, though their ids begin alike", () => {
    const counts = new Map<string, number>();
    for (let id = 0; id < 10_000; id++) {
      const key = stateKey("DUE", `01JNBH0000000000000${String(id).padStart(7, "0")}`);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(SHARDS);
    for (const count of counts.values()) expect(Math.abs(count - 1_250)).toBeLessThan(200);
  });
});
