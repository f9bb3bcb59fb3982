import { describe, expect, it } from "vitest";
import { echo } from "../../../lib/agents/echo/echo.ts";
import { none } from "../../../lib/agents/none/none.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { problemsOf } from "./problemsOf.ts";
import { site } from "./rightConfig.ts";

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
});
