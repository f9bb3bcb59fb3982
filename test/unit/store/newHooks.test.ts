import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { hookSchema } from "../../../lib/domain/Hook.ts";
import type { Session } from "../../../lib/domain/Session.ts";
import type { StoredRow } from "../../../lib/domain/Turn.ts";
import { secret } from "../../../lib/index.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { newHooks } from "../../../lib/store/newHooks.ts";

const NOW = Date.UTC(2026, 2, 2, 10);

const crm = webhook({ url: "https://example.com", secret: secret("CRM_SECRET") });

const config = { memory: { notes: builtin(), crm } };

const session: Session = {
  session: "S1",
  conversation: "acme/telegram/7//",
  platform: "telegram",
  chat: { id: "7", type: "dm" },
  origin: "chat",
  startedAt: NOW - 3_600_000,
  status: "open",
};

const POST: StoredRow = { kind: "turn", origin: "scheduled", reply: "Good morning", status: "done" };

function said(number: number): StoredRow {
  return { kind: "turn", origin: "chat", text: `words ${number}`, user: { id: "ana" }, status: "done" };
}

function switched(wish: string): StoredRow {
  return { kind: "command", command: `memory ${wish}`, user: { id: "ana" }, status: "done", switchOrder: 1 };
}

describe("newHooks", () => {
  it("L24 L25 makes one row for each provider of the config", () => {
    const hooks = newHooks(config, session, [said(1), said(2)], NOW);
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

  it("makes no row without providers", () => {
    expect(newHooks({ memory: {} }, session, [said(1), said(2)], NOW)).toEqual([]);
  });

  it.each<[string, Partial<Session>, readonly StoredRow[], string]>([
    ["P13 memory is switched off", {}, [said(1), switched("off"), said(2)], "memory-off"],
    ["P13 it was off while all was said", {}, [{ ...said(1), memoryOff: true }, switched("on")], "memory-off"],
    ["P13 the agent's own words alone are left", {}, [POST, said(1), switched("off")], "memory-off"],
    ["W11 no person wrote in it", { origin: "scheduled" }, [POST], "scheduled"],
    ["L22 nothing was said", {}, [{ kind: "turn", origin: "chat", status: "done" }], "no-turns"],
    ["L22 nothing was said but commands", {}, [switched("off")], "no-turns"],
    ["P13 memory is off, and it was scheduled", { origin: "scheduled" }, [said(1), switched("off")], "memory-off"],
  ])("skips every provider, and says why, when %s", (_, changes, turns, reason) => {
    for (const hook of newHooks(config, { ...session, ...changes }, turns, NOW)) {
      expect(hook).toMatchObject({ status: "skipped", skipped: reason });
    }
  });

  it("P13 delivers what others said in a session of which one has memory off", () => {
    const turns = [said(1), switched("off"), { ...said(2), user: { id: "ben" } }];
    for (const hook of newHooks(config, session, turns, NOW)) expect(hook.status).toBe("pending");
  });

  it("L21 L22 delivers a session of one turn", () => {
    for (const hook of newHooks(config, session, [said(1)], NOW)) expect(hook.status).toBe("pending");
  });
});
