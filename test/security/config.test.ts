import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../lib/adapter/errors.ts";
import { echo } from "../../lib/agents/echo/echo.ts";
import { type ConfigInput, defineConfig } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { hostileText } from "./hostileText.ts";

const RUNS = { numRuns: 1_000 };

const GENUINE = {
  tenant: "acme",
  agent: echo(),
  platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) },
  memory: { builtin: builtin() },
  sessions: {
    default: { idle: "24h", daily: { at: "04:00", timeZone: "UTC", within: "2h" }, maxAge: "7d" },
    byPlatform: { http: "none" },
    byChatType: { group: "none" },
  },
  groups: "shared",
  hooks: { retry: ["10s"], timeout: "30s" },
  recall: { timeout: "800ms", limit: 10 },
  retention: "30d",
  notices: { reset: true },
};

const PATHS = [
  ...["tenant", "agent", "platforms", "platforms.http", "platforms.__proto__", "platforms.constructor", "memory"],
  ...["memory.builtin", "sessions", "sessions.default", "sessions.default.idle", "sessions.default.daily"],
  ...["sessions.default.daily.at", "sessions.default.daily.timeZone", "sessions.default.maxAge", "groups", "extra"],
  ...["sessions.byPlatform.http", "sessions.byPlatform.constructor", "sessions.byChatType.group", "hooks.retry"],
  ...["hooks.timeout", "recall.limit", "recall.timeout", "retention", "notices", "notices.reset"],
];

const adapterLike = fc.constantFrom<unknown>(
  { kind: "x", create: 1, problems: 1, secrets: 1 },
  { kind: "x", create: () => ({}), problems: () => [], secrets: null },
  { kind: "x", create: null, problems: null },
  echo,
  http,
);

/** Whatever JavaScript has: symbols, big integers, maps, objects without a prototype, sparse lists, cycles. */
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  fc.anything({ withTypedArray: true, withSparseArray: true, withBoxedValues: true, withObjectString: true }),
  hostileText,
  adapterLike,
  fc.constantFrom<unknown>(
    Symbol("x"),
    () => "24h",
    "99999999d",
    "999999999d",
    "+25:99",
    "+05:30",
    "25:00",
    NaN,
    cycle(),
  ),
);

describe("a config of any shape", () => {
  it("is taken or refused with a ConfigError that names what is wrong", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        onlyConfigError(() => defineConfig(value as ConfigInput));
      }),
      RUNS,
    );
  });

  it("is taken or refused with a ConfigError when a few values are replaced", () => {
    const changes = fc.array(fc.tuple(fc.constantFrom(...PATHS), anyValue), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(changes, (given) => {
        const config = given.reduce<object>((made, [path, value]) => replaced(made, path.split("."), value), GENUINE);
        const made = onlyConfigError(() => defineConfig(config as ConfigInput));
        if (!made) return;
        const { idle = 0, maxAge = 0 } = made.sessions.policy;
        for (const length of [idle, maxAge, made.retention]) {
          expect(() => new Date(Date.now() + length).toISOString()).not.toThrow();
        }
      }),
      RUNS,
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("is taken or refused with a ConfigError when adapters have any options", () => {
    const options = fc.oneof(
      anyValue,
      fc.record({ secret: anyValue, url: anyValue, replyUrl: anyValue, token: anyValue }, { requiredKeys: [] }),
      fc.record({ secret: fc.constant(secret("A")), url: anyValue, timeout: anyValue }),
    );
    const makers = fc.constantFrom<(given: never) => unknown>(
      http as (given: never) => unknown,
      telegram as (given: never) => unknown,
      webhook as (given: never) => unknown,
      builtin as (given: never) => unknown,
    );
    fc.assert(
      fc.property(makers, options, (make, given) => {
        const adapter = make(given as never);
        onlyConfigError(() => defineConfig({ ...GENUINE, platforms: { x: adapter } } as unknown as ConfigInput));
      }),
      RUNS,
    );
  });

  it("never shows a value that may be a secret", () => {
    const hush = { token: "hush-hush" };
    const given = { ...GENUINE, agent: hush, platforms: { http: hush }, sessions: { default: hush } };
    const error = failure(() => defineConfig(given as unknown as ConfigInput));
    expect(error?.message).toContain("token");
    expect(error?.message).not.toContain("hush");
  });
});

function onlyConfigError<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const problem of error.problems) expect(problem).toMatch(/.: ./s);
    return undefined;
  }
}

function failure(make: () => unknown): Error | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : undefined;
  }
}

function replaced(target: object, [name = "", ...rest]: readonly string[], value: unknown): object {
  const before: unknown = Object.hasOwn(target, name) ? Reflect.get(target, name) : {};
  const inner = typeof before === "object" && before !== null ? before : {};
  const made = rest.length === 0 ? value : replaced(inner, rest, value);
  // Not by assignment, which sets a prototype.
  return Object.defineProperty({ ...target }, name, { value: made, enumerable: true });
}

function cycle(): object {
  const made: Record<string, unknown> = {};
  made.self = made;
  return made;
}
