import { describe, expect, it } from "vitest";
import { echo } from "../../../lib/agents/echo/echo.ts";
import { defineConfig } from "../../../lib/config/defineConfig.ts";
import { policyFor } from "../../../lib/config/policyFor.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { right, site } from "./rightConfig.ts";

const HOUR = 3_600_000;

const DAY = 24 * HOUR;

it("takes names that every object has for unknown keys", () => {
  const named = { constructor: site, prototype: site };
  const sessions = { byPlatform: { constructor: "none" } } as const;
  const config = defineConfig({ platforms: named, memory: { constructor: builtin() }, sessions });

  expect(Object.keys(config.platforms)).toEqual(["constructor", "prototype"]);
  expect(Object.keys(config.memory)).toEqual(["constructor"]);
  expect(policyFor(config.sessions, "constructor", "dm")).toEqual({});
  expect(policyFor(config.sessions, "prototype", "dm")).toEqual({ idle: DAY });
});

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
