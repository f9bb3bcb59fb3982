import { describe, expect, it } from "vitest";
import { configWarnings } from "../../../lib/config/configWarnings.ts";
import { definedConfig } from "../../../lib/config/definedConfig.ts";
import { defineConfig, secret } from "../../../lib/index.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { checkAccess } from "../../../lib/operator/doctor/checkAccess.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import { telegram } from "../../../lib/platforms/telegram/telegram.ts";

const made = defineConfig({
  platforms: { site: http({ secret: secret("SITE_SECRET") }) },
  memory: { builtin: builtin() },
});

describe("definedConfig", () => {
  it("takes a config that defineConfig has made", () => {
    expect(definedConfig(made)).toBe(made);
  });

  it.each<[string, unknown, string]>([
    ["a copy by spread", { ...made }, "an object with tenant, "],
    ["a copy by assignment", Object.assign({}, made), "an object with tenant, "],
    ["a copy by JSON", JSON.parse(JSON.stringify(made)), "an object with tenant, "],
    ["an object that inherits from one", Object.create(made), "an empty object"],
    ["its input", { platforms: { site: http({ secret: secret("SITE_SECRET") }) } }, "an object with platforms"],
    ["a secret in a plain object", { token: "hush-hush" }, "an object with token"],
    ["a function", () => made, "a function that is not called"],
    ["a promise of one", Promise.resolve(made), "an empty object"],
    ["a list", [made], "a list of 1"],
    ["a number", 5, "5"],
    ["null", null, "null"],
    ["nothing", undefined, "nothing"],
  ])("refuses a config that is %s, and does not show what is in it", (_, given, words) => {
    const refuse = () => definedConfig(given, "/x/vesper.config.ts");
    expect(refuse).toThrow(/^\/x\/vesper\.config\.ts must end in "export default defineConfig\(\{ … \}\)"; given /);
    expect(refuse).toThrow(words);
    expect(refuse).not.toThrow("hush");
  });

  it("gives a config that is frozen as a whole, as what were changed afterwards would be unchecked", () => {
    for (const part of [made, made.platforms, made.memory, made.sessions, made.sessions.policy, made.hooks.retry]) {
      expect(() => Object.assign(part, { changed: 1 })).toThrow(TypeError);
    }
    expect(() => Object.assign(made, { retention: "30d" })).toThrow(TypeError);
  });
});

describe("configWarnings", () => {
  const platforms = { site: http({ secret: secret("SITE_SECRET") }) };

  it("names each limit that is below the minute of a turn's lease, with its path", () => {
    const config = defineConfig({
      platforms,
      sessions: {
        default: { idle: "61s", maxAge: "1h" },
        byPlatform: { site: { idle: "62s", maxAge: "30s" } },
        byChatType: { group: { idle: "1s" } },
      },
    });
    expect(configWarnings(config).map((warning) => warning.slice(0, warning.indexOf(" is less")))).toEqual([
      "sessions.default.idle: 61s",
      "sessions.byPlatform.site.maxAge: 30s",
      "sessions.byChatType.group.idle: 1s",
    ]);
    expect(configWarnings(config)[0]).toContain("62s that a session lives after each message");
  });

  it("warns loudly where anybody who finds the bot can talk to the agent, until the config says who may", () => {
    const bot = telegram({ token: secret("TOKEN") });
    const open = defineConfig({ platforms: { ...platforms, bot } });
    expect(configWarnings(open)).toEqual([expect.stringMatching(/^access\.bot: not set, so that ANYBODY/)]);
    expect(checkAccess(open)).toMatchObject([{ check: "bot access", status: "failed" }]);
    for (const others of ["pair", "refuse", "answer"] as const) {
      const decided = defineConfig({ platforms: { ...platforms, bot }, access: { bot: { others } } });
      expect([configWarnings(decided), checkAccess(decided)]).toEqual([[], []]);
    }
  });

  it("warns of no policy that a clock can obey", () => {
    expect(configWarnings(defineConfig({ platforms }))).toEqual([]);
    expect(configWarnings(defineConfig({ platforms, sessions: { default: "none" } }))).toEqual([]);
  });
});
