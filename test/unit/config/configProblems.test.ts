import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConfigInput, defineConfig } from "../../../lib/config/defineConfig.ts";
import { problemsOf } from "./problemsOf.ts";
import { right, site } from "./rightConfig.ts";

describe("defineConfig, given a wrong config, says where, what was given, and what is allowed", () => {
  const PLATFORM = "what http(…), telegram(…) or another platform makes";

  it.each([[5], [null], ["text"], [undefined]])("refuses %j as a whole config", (config) => {
    expect(problemsOf(config)).toEqual([expect.stringMatching(/^\(the whole\): given .*, allowed is an object with/)]);
  });

  it("names every unknown key", () => {
    expect(problemsOf({ platforms: { site }, one: 1, two: 2 })).toEqual([
      expect.stringContaining('unknown "one"'),
      expect.stringContaining('unknown "two"'),
    ]);
  });

  it("tells all problems at once, each on its own line", () => {
    const wrong = { ...right, tenant: "A", groups: "all", extra: 1 };
    expect(problemsOf(wrong)).toHaveLength(3);
    expect(() => defineConfig(wrong as unknown as ConfigInput)).toThrow(
      /^the config is wrong:\n {2}tenant: .+\n {2}groups/,
    );
  });

  it("never repeats what stands inside an object, which may be a secret", () => {
    const [problem] = problemsOf({ platforms: { site: { token: "123:hush" } } });
    expect(problem).toBe(`platforms.site: given an object with token, allowed is ${PLATFORM}`);
  });

  it("W13 takes or refuses in words whatever is put anywhere, and never crashes", () => {
    const places = placesIn(right);
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(undefined, Number.NaN, 1n, () => 1, new Date(0)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, (place, value) => {
        for (const problem of problemsOf(spoil(right, place, value))) {
          expect(problem).not.toContain("Invalid");
          expect(problem).toMatch(/^.+: (given .*, allowed is .+|unknown .+; .*allowed is .+|.+; .+)$/s);
          const ofPlatforms = ["sessions.byPlatform", "access"].some((path) => problem.startsWith(path));
          expect(problem.startsWith(place[0] ?? "") || ofPlatforms).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The path of every value in a config but those inside adapters. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || "problems" in value) return [path];
  const within = Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]));
  return path.length > 0 ? [path, ...within] : within;
}

/** A copy with `value` at `path`. */
function spoil(whole: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((item, index) => (String(index) === key ? spoil(item, rest, value) : item));
  const fields = typeof whole === "object" && whole !== null ? { ...whole } : {};
  return { ...fields, [key]: spoil(Reflect.get(fields, key), rest, value) };
}
