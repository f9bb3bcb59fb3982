import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { hookSchema } from "../../lib/hooks/Hook.ts";
import { newHooks } from "../../lib/hooks/newHooks.ts";
import { builtin, secret, webhook } from "../../lib/index.ts";
import type { Session } from "../../lib/session/Session.ts";

const NOW = Date.UTC(2026, 2, 2, 10);
const crm = webhook({ url: "https://example.com", secret: secret("CRM_SECRET") });
const config = { memory: { notes: builtin(), crm } };
const session: Session = {
  session: "S1",
  conversation: "acme/telegram/7//",
  platform: "telegram",
  chat: { id: "7", type: "dm" },
  origin: "chat",
  memory: "on",
  startedAt: NOW - 3_600_000,
  status: "open",
};

describe("newHooks", () => {
  it("L24 L25 makes one row for each provider of the config", () => {
    const hooks = newHooks(config, session, 3, NOW);
    expect(hooks.map(({ provider }) => provider)).toEqual(["notes", "crm"]);
    for (const hook of hooks) {
      expect(hook).toEqual({
        session: "S1",
        conversation: "acme/telegram/7//",
        provider: hook.provider,
        status: "pending",
        createdAt: NOW,
        attempts: 0,
        failures: [],
        nextAttemptAt: NOW,
        redrives: 0,
        enqueues: 0,
      });
      expect(v.parse(hookSchema, hook)).toEqual(hook);
    }
  });

  it("makes none without providers", () => {
    expect(newHooks({ memory: {} }, session, 3, NOW)).toEqual([]);
  });

  it.each<[string, Partial<Session>, number, string]>([
    ["P13 memory is switched off", { memory: "off" }, 3, "memory-off"],
    ["W11 no person wrote in it", { origin: "scheduled" }, 3, "scheduled"],
    ["L22 nothing was said", {}, 0, "no-turns"],
    ["P13 memory is off, and no person wrote in it", { memory: "off", origin: "scheduled" }, 3, "memory-off"],
  ])("skips every provider, and says why, when %s", (_, changes, turns, reason) => {
    for (const hook of newHooks(config, { ...session, ...changes }, turns, NOW)) {
      expect(hook).toMatchObject({ status: "skipped", skipped: reason });
    }
  });

  it("L21 L22 a session of one turn is delivered", () => {
    for (const hook of newHooks(config, session, 1, NOW)) expect(hook.status).toBe("pending");
  });
});
