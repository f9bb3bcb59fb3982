import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { defineAdapter } from "../../../lib/adapter/Adapter.ts";
import { ConfigError } from "../../../lib/adapter/errors.ts";
import { secretSchema } from "../../../lib/adapter/options.ts";
import { echo } from "../../../lib/agents/echo/echo.ts";
import { none } from "../../../lib/agents/none/none.ts";
import { type ConfigInput, defineConfig } from "../../../lib/config/defineConfig.ts";
import { policyFor } from "../../../lib/config/policyFor.ts";
import { secret } from "../../../lib/index.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { http } from "../../../lib/platforms/http/http.ts";

const HOUR = 3_600_000;

const DAY = 24 * HOUR;

const site = http({ secret: secret("SITE_SECRET") });

/** A config that is right, as plain data that a test may spoil. */
const right = {
  tenant: "acme",
  agent: none(),
  platforms: { site },
  memory: { notes: builtin() },
  sessions: {
    default: { idle: "24h", daily: { at: "04:00", timeZone: "Asia/Bangkok" } },
    byPlatform: { site: { maxAge: "7d" } },
    byChatType: { group: "none" },
  },
  groups: "shared",
  access: { site: { users: ["42"], others: "pair" } },
  inGroups: { answer: "always" },
  hooks: { retry: ["10s", "2m"], timeout: "20s", unknown: "park" },
  cleaning: { credentials: false },
  recall: { timeout: "500ms", limit: 5 },
  retention: "60d",
  notices: { reset: false },
} as const satisfies ConfigInput;

it("takes names that every object has for unknown keys", () => {
  const named = { constructor: site, prototype: site };
  const sessions = { byPlatform: { constructor: "none" } } as const;
  const config = defineConfig({ platforms: named, memory: { constructor: builtin() }, sessions });

  expect(Object.keys(config.platforms)).toEqual(["constructor", "prototype"]);
  expect(Object.keys(config.memory)).toEqual(["constructor"]);
  expect(policyFor(config.sessions, "constructor", "dm")).toEqual({});
  expect(policyFor(config.sessions, "prototype", "dm")).toEqual({ idle: DAY });
});

/** What `defineConfig` says of a config that its type would refuse. */
function problemsOf(config: unknown): readonly string[] {
  try {
    defineConfig(config as ConfigInput);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("defineConfig, given a right config,", () => {
  it("fills in every default", () => {
    const config = defineConfig({ platforms: { site } });
    expect(config).toMatchObject({
      tenant: "default",
      agent: { kind: echo().kind },
      memory: {},
      sessions: { policy: { idle: DAY }, byPlatform: {}, byChatType: {} },
      groups: "per-member",
      hooks: { timeout: 30_000, unknown: "retry" },
      recall: { timeout: 800, limit: 10 },
      retention: 30 * DAY,
      notices: { reset: true },
    });
  });

  it("fills the defaults inside a part that is given", () => {
    const config = defineConfig({ platforms: { site }, sessions: {}, hooks: {}, recall: {}, notices: {} });
    expect(config).toMatchObject({
      sessions: { policy: { idle: DAY }, byPlatform: {}, byChatType: {} },
      hooks: { timeout: 30_000, unknown: "retry" },
      recall: { timeout: 800, limit: 10 },
      notices: { reset: true },
    });
  });

  it("L16 waits by default for longer than a day for a provider to come back", () => {
    const { retry } = defineConfig({ platforms: { site } }).hooks;
    expect(retry.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(26 * HOUR);
    expect(retry.every((wait) => wait <= 11 * HOUR)).toBe(true);
  });

  it("B8 gives durations in milliseconds, as they were given", () => {
    expect(defineConfig(right)).toEqual({
      tenant: "acme",
      agent: right.agent,
      platforms: right.platforms,
      access: { site: { users: ["42"], chats: [], others: "pair" } },
      memory: right.memory,
      sessions: {
        policy: { idle: DAY, daily: { hour: 4, minute: 0, timeZone: "Asia/Bangkok" } },
        byPlatform: { site: { maxAge: 7 * DAY } },
        byChatType: { group: {} },
      },
      groups: "shared",
      inGroups: { answer: "always", between: "ignored" },
      hooks: { retry: [10_000, 120_000], timeout: 20_000, unknown: "park" },
      cleaning: { credentials: false, recited: true },
      recall: { timeout: 500, limit: 5 },
      retention: 60 * DAY,
      notices: { reset: false },
    });
  });

  it.each(["UTC", "Europe/Berlin", "Asia/Calcutta", "Asia/Kolkata", "GMT"])("P2 takes the zone %s", (timeZone) => {
    const { sessions } = defineConfig({
      platforms: { site },
      sessions: { default: { daily: { at: "04:00", timeZone } } },
    });
    expect(sessions.policy).toEqual({ daily: { hour: 4, minute: 0, timeZone } });
  });

  it("P6 sets no time limit under the policy none", () => {
    expect(defineConfig({ platforms: { site }, sessions: { default: "none" } }).sessions.policy).toEqual({});
  });
});

describe("defineConfig, given a wrong config, says where, what was given, and what is allowed", () => {
  const NAME = "a lower-case letter, then up to 31 letters, digits and hyphens";
  const DURATION = 'a duration such as "30s", "90m", "24h" or "7d"';
  const POLICY =
    '"none" or { idle: "24h", daily: { at: "04:00", timeZone: "Europe/Berlin" }, maxAge: "7d" } with one of them at least';
  const PLATFORM = "what http(…), telegram(…) or another platform makes";

  it.each<[string, object, string]>([
    ["refuses a tenant with capitals", { tenant: "ACME" }, `tenant: given "ACME", allowed is ${NAME}`],
    ["refuses a tenant that is no text", { tenant: 7 }, `tenant: given 7, allowed is ${NAME}`],
    [
      "refuses an agent that is no agent",
      { agent: "echo" },
      'agent: given "echo", allowed is what chat(…), echo() or another agent makes',
    ],
    [
      "refuses an agent's function in the agent's place",
      { agent: echo },
      "agent: given a function that is not called, allowed is what chat(…), echo() or another agent makes",
    ],
    [
      "refuses a config without platforms",
      { platforms: undefined },
      `platforms: given nothing, allowed is an object of names, each with ${PLATFORM}`,
    ],
    [
      "refuses a list of platforms",
      { platforms: [site] },
      `platforms: given a list of 1, allowed is an object of names, each with ${PLATFORM}`,
    ],
    [
      "refuses a platform's name of another form",
      { platforms: { Site: site } },
      `platforms: unknown "Site"; remove or correct it, allowed is ${NAME}`,
    ],
    ["refuses a platform that is none", { platforms: { site: 1 } }, `platforms.site: given 1, allowed is ${PLATFORM}`],
    [
      "refuses a memory provider in a platform's place",
      { platforms: { site: builtin() } },
      `platforms.site: given the memory provider "builtin", allowed is ${PLATFORM}`,
    ],
    [
      "refuses an agent in a platform's place",
      { platforms: { site: none() } },
      `platforms.site: given the agent "none", allowed is ${PLATFORM}`,
    ],
    [
      "refuses a platform in a memory provider's place",
      { memory: { notes: site } },
      'memory.notes: given the platform "http", allowed is what builtin(), webhook(…) or another memory provider makes',
    ],
    [
      "refuses a platform in the agent's place",
      { agent: site },
      'agent: given the platform "http", allowed is what chat(…), echo() or another agent makes',
    ],
    [
      "refuses an adapter that does not say what it is",
      { platforms: { site: { ...site, type: undefined } } },
      `platforms.site: given an object with type, kind, recalls, options, problems, secrets, grants, limits,…, allowed is ${PLATFORM}`,
    ],
    ["refuses a policy of null", { sessions: { default: null } }, `sessions.default: given null, allowed is ${POLICY}`],
    [
      "refuses an empty policy",
      { sessions: { default: {} } },
      `sessions.default: given an empty object, allowed is ${POLICY}`,
    ],
    [
      "refuses an unknown policy",
      { sessions: { default: "never" } },
      `sessions.default: given "never", allowed is ${POLICY}`,
    ],
    [
      "refuses a daily time of another form",
      { sessions: { default: { daily: { at: "24:00", timeZone: "UTC" } } } },
      'sessions.default.daily.at: given "24:00", allowed is a time of day such as "04:00"',
    ],
    [
      "P2 refuses a daily time without a zone",
      { sessions: { default: { daily: { at: "04:00" } } } },
      'sessions.default.daily.timeZone: given nothing, allowed is an IANA time zone such as "Asia/Bangkok"',
    ],
    [
      "P2 refuses a zone that does not exist",
      { sessions: { default: { daily: { at: "04:00", timeZone: "Mars/Base" } } } },
      'sessions.default.daily.timeZone: given "Mars/Base", allowed is an IANA time zone such as "Asia/Bangkok"',
    ],
    [
      "refuses an idle time below the TTL's grain",
      { sessions: { default: { idle: "999ms" } } },
      `sessions.default.idle: given "999ms", allowed is ${DURATION}, at least 1s`,
    ],
    [
      "refuses a wrong policy of a chat type",
      { sessions: { byChatType: { dm: { idle: 5 } } } },
      `sessions.byChatType.dm.idle: given 5, allowed is ${DURATION}, at least 1s`,
    ],
    [
      "refuses a policy of a platform that is not there",
      { sessions: { byPlatform: { shop: "none" } } },
      "sessions.byPlatform.shop: no platform has that name; there is site",
    ],
    [
      "refuses a policy of a platform named like a built-in property",
      { sessions: { byPlatform: { constructor: "none" } } },
      "sessions.byPlatform.constructor: no platform has that name; there is site",
    ],
    ["refuses an unknown way of groups", { groups: true }, 'groups: given true, allowed is "per-member" or "shared"'],
    [
      "refuses an empty schedule of retries",
      { hooks: { retry: [] } },
      'hooks.retry: given a list of 0, allowed is a list of one to 50 waits such as ["10s", "2m", "1h"]',
    ],
    [
      "refuses a wait of another form",
      { hooks: { retry: ["10s", "12h"] } },
      `hooks.retry.1: given "12h", allowed is ${DURATION}, from 1s to 11h`,
    ],
    [
      "refuses a policy for what is unknown that is none",
      { hooks: { unknown: "drop" } },
      'hooks.unknown: given "drop", allowed is "retry" or "park"',
    ],
    [
      "B8 refuses a time limit above the function's",
      { hooks: { timeout: "60s" } },
      `hooks.timeout: given "60s", allowed is ${DURATION}, from 100ms to 45s`,
    ],
    [
      "B4 refuses a recall that takes minutes",
      { recall: { timeout: "2m" } },
      `recall.timeout: given "2m", allowed is ${DURATION}, from 10ms to 10s`,
    ],
    [
      "refuses a limit that is none",
      { recall: { limit: 1.5 } },
      "recall.limit: given 1.5, allowed is a whole number from 1 to 100",
    ],
    [
      "refuses a retention that would forget redeliveries",
      { retention: "7d" },
      `retention: given "7d", allowed is ${DURATION}, at least 8d`,
    ],
    [
      "refuses a number where a duration belongs",
      { retention: 30n },
      `retention: given 30, allowed is ${DURATION}, at least 8d`,
    ],
    [
      "an id that is a number",
      { access: { site: { users: [42] } } },
      `access.site.users.0: given 42, allowed is a list of the platform's own ids as texts, such as ["4711"]`,
    ],
    [
      "access to a platform that is not there",
      { access: { telegram: {} } },
      "access.telegram: no platform has that name; there is site",
    ],
    [
      "when groups are answered",
      { inGroups: { answer: "sometimes" } },
      'inGroups.answer: given "sometimes", allowed is "addressed" or "always"',
    ],
    ['W13 the text "false"', { notices: { reset: "false" } }, 'notices.reset: given "false", allowed is true or false'],
    [
      "refuses an unknown key",
      { memroy: {} },
      '(the whole): unknown "memroy"; remove or correct it, allowed is an object with platforms, and any of tenant, agent, access, memory, sessions, groups, inGroups, hooks, cleaning, recall, retention and notices',
    ],
    [
      "refuses a policy with a key that is none",
      { sessions: { default: { idle: "1h", idel: "1h" } } },
      `sessions.default: unknown "idel"; remove or correct it, allowed is ${POLICY}`,
    ],
    [
      "refuses a policy that is a list",
      { sessions: { default: [] } },
      `sessions.default: given a list of 0, allowed is ${POLICY}`,
    ],
    [
      "refuses hooks that are a list",
      { hooks: [] },
      "hooks: given a list of 0, allowed is an object with retry, timeout or unknown",
    ],
    [
      "refuses a platform's name that objects have of their own",
      { platforms: JSON.parse('{"__proto__": 1}') },
      `platforms: unknown "__proto__"; remove or correct it, allowed is ${NAME}`,
    ],
    [
      "refuses an unknown key within a part",
      { hooks: { retries: ["1s"] } },
      'hooks: unknown "retries"; remove or correct it, allowed is an object with retry, timeout or unknown',
    ],
  ])("%s", (_, change, problem) => {
    expect(problemsOf({ platforms: { site }, ...change })).toEqual([problem]);
  });

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

describe("defineConfig, checking an adapter's options,", () => {
  const wrong = webhook as (options: unknown) => ReturnType<typeof webhook>;

  it("names the path within the config", () => {
    const memory = { crm: wrong({ url: "ftp://example.com", secret: secret("CRM_SECRET") }) };
    expect(problemsOf({ platforms: { site }, memory })).toEqual([
      expect.stringMatching(/^memory\.crm\.url: an address/),
    ]);
  });

  it("refuses unknown keys", () => {
    const options = { url: "https://example.com", secret: secret("CRM_SECRET"), timeOut: "1s" };
    expect(problemsOf({ platforms: { site }, memory: { crm: wrong(options) } })).toEqual([
      "memory.crm.timeOut: not a known option; leave it out",
    ]);
  });

  it("tells bounds of durations as durations", () => {
    const options = { url: "https://example.com", secret: secret("CRM_SECRET"), timeout: "1ms" };
    expect(problemsOf({ platforms: { site }, memory: { crm: wrong(options) } })).toEqual([
      'memory.crm.timeout: a duration such as "30s", "90m", "24h" or "7d", from 100ms to 2m',
    ]);
  });

  it("refuses a secret in the place of its reference, and does not repeat it", () => {
    const [problem] = problemsOf({ platforms: { site: http({ secret: "whsec_hush" as never }) } });
    expect(problem).toContain('platforms.site.secret: a reference made by secret("NAME")');
    expect(problem).not.toContain("hush");
  });

  it("does not repeat what was given where a schema has no words of its own, either", () => {
    const schema = v.strictObject({
      token: v.pipe(
        v.string(),
        v.check((text) => text.length > 9),
      ),
      n: v.number(),
    });
    const custom = defineAdapter("agent", "custom", schema, () => ({ reply: async () => undefined }));
    const agent = custom({ token: "hush", n: "hush" as never });
    expect(problemsOf({ platforms: { site }, agent })).toEqual(["agent.token: not allowed", "agent.n: must be number"]);
  });

  it("takes upper-case letters, digits and underscores for a secret's name, and nothing else", () => {
    const [problem] = problemsOf({ platforms: { site: http({ secret: secret("site-secret") }) } });
    expect(problem).toContain("platforms.site.secret");
  });
});

it("refuses to make an adapter that does not say what it is", () => {
  const older = defineAdapter as unknown as (...given: unknown[]) => unknown;
  expect(() => older("notes", v.strictObject({}), () => ({}))).toThrow(
    'defineAdapter: given the type "notes", allowed is one of agent, platform, memory, model',
  );
});

it("lists the secrets that an adapter's options refer to, with the form that each must have", () => {
  const crm = webhook({ url: "https://example.com", secret: [secret("CRM_NEW"), secret("CRM_OLD")] });
  const form = expect.objectContaining({ shows: expect.stringContaining("whsec_") });
  expect(crm.secrets()).toEqual([
    { secret: "CRM_NEW", form },
    { secret: "CRM_OLD", form },
  ]);
  expect(echo().secrets()).toEqual([]);
});

it("lists a secret also where an adapter's schema makes something else of the reference", () => {
  const schema = v.pipe(
    v.object({ key: secretSchema }),
    v.transform(({ key }) => key.secret),
  );
  const custom = defineAdapter("agent", "custom", schema, () => ({ reply: async () => undefined }));
  expect(custom({ key: secret("API_KEY") }).secrets()).toEqual([{ secret: "API_KEY" }]);
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
