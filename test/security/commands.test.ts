import fc from "fast-check";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { dataFolder } from "../cli/cli.ts";
import { runHere } from "../cli/runHere.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";
import { commandNames, hostileCommand } from "./hostileCommand.ts";
import { hostileText } from "./hostileText.ts";

/** What acts on a terminal; a line break is the commands' own. */
const ACTIVE = /(?!\n)[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;

const ATTACK =
  "\u001b]0;owned\u0007\u001b[2J\u001b[1;1H\u009b31mFAKE\r\u202Eevil\u2066\n2026-03-02 10:00:00  agent: forged";

/** Runs of commands: each of the ten some fifteen times. */
const RUNS = 150;

/** A provider whose every word is an attack on who reads it. */
const rude = defineAdapter(
  "memory",
  "rude",
  strictFields({ fails: v.boolean() }),
  ({ fails }): MemoryProvider => ({
    capabilities: { idempotency: "none" },
    async onSessionEnd() {
      if (fails) throw new DeliveryError("auth", ATTACK, { status: 401, body: ATTACK });
      return { id: ATTACK, status: 200, body: ATTACK };
    },
  }),
);

describe("the command line", () => {
  let harness: GatewayHarness;
  let folder: ReturnType<typeof dataFolder>;
  let empty: ReturnType<typeof dataFolder>;
  let session: string;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    folder = dataFolder(harness, {});
    empty = dataFolder();
    harness.deploy({ memory: { good: rude({ fails: false }), bad: rude({ fails: true }) } });
    const user = { id: "mallory \u202E[31m", name: "Mallory\u200E" };
    const hostile = { conversation: "c \u202E#/LIVE", user, messageId: "d1" };
    expect(await harness.say(ATTACK, hostile)).toMatchObject({ statusCode: 202 });
    expect(await harness.say(`/new ${ATTACK}`, { ...hostile, messageId: "d2" })).toMatchObject({ statusCode: 202 });
    await harness.settle();
    [{ session } = { session: "" }] = await sessionRows(harness);
  });
  afterAll(async () => {
    folder[Symbol.dispose]();
    empty[Symbol.dispose]();
    await harness.stop();
  });

  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    runHere(args, { env: { VESPER_DATA: folder.dataPath, ...env }, clock: harness.clock });

  it.each([
    ["sessions", "ls"],
    ["sessions", "ls", "--json"],
    ["sessions", "show"],
    ["sessions", "show", "--json"],
    ["hooks", "ls"],
    ["hooks", "ls", "--json"],
    ["hooks", "show"],
    ["hooks", "show", "--json"],
  ])("shows what users and providers wrote so that nothing of it acts: %s %s %s", async (...args) => {
    const [noun = "", verb = "", ...rest] = args;
    const { code, stdout, stderr } = await run([noun, verb, ...(verb === "show" ? [session] : []), ...rest]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(args.includes("ls") && noun === "sessions" ? "%E2%80%AE" : "FAKE");
    expect(stdout).not.toMatch(ACTIVE);
    // A text's further lines are marked, so that none passes for a turn.
    expect(stdout).not.toMatch(/^\d{4}-\d\d-\d\d [\d:]{8} {2}agent: forged/m);
  });

  it("takes any words for arguments: answers, or says in one line what is wrong", async () => {
    const words = fc.constantFrom(
      ...["sessions", "hooks", "secrets", "webhooks", "say", "ls", "show", "end", "redrive", "check", "set", "help"],
      ...["--json", "--status", "ended", "--limit", "5", "--provider", "--all", "--dry-run", "--yes", "--wait", "1ms"],
      ...["--platform", "--url", "http://x/", "--", "-h", "--version", "--stack", "--region", "-", "--user", "--role"],
    );
    const args = fc.array(fc.oneof({ weight: 3, arbitrary: words }, { weight: 1, arbitrary: hostileText }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(args, fc.boolean(), async (given, running) => {
        const env = { VESPER_DATA: (running ? folder : empty).dataPath };
        // Another machine's stack is none of this test's.
        const here = given.filter((word) => word !== "--stack" && !word.startsWith("--stack="));
        const { code, stdout, stderr } = await run(here, env);
        expect([0, 1, 2]).toContain(code);
        expect(stderr).not.toContain("this is a bug");
        expect(stdout + stderr).not.toMatch(ACTIVE);
        if (code !== 0) expect(`${stdout}${stderr}`).not.toBe("");
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it("carries out any command with any texts for its arguments and options, or says what is wrong with them", async () => {
    const carriedOut: string[] = [];
    await fc.assert(
      fc.asyncProperty(hostileCommand(session), async ({ name, args }) => {
        const { code, stdout, stderr } = await run(args);
        expect([0, 1, 2]).toContain(code);
        expect(stderr).not.toContain("this is a bug");
        expect(stdout + stderr).not.toMatch(ACTIVE);
        expect(`${stdout}${stderr}`).not.toBe("");
        // 2: refused by its usage.
        if (code !== 2) carriedOut.push(name);
      }),
      { numRuns: RUNS },
    );
    expect(carriedOut.length).toBeGreaterThan(RUNS / 2);
    expect(new Set(carriedOut)).toEqual(new Set(commandNames));
  }, 120_000);

  it.each(["", "\0", "\u001b[31m", "x".repeat(3_000), "猫".repeat(1_000), "SESSION#x", "__proto__"])(
    "says of the session %j that there is none",
    async (id) => {
      for (const args of [
        ["sessions", "show", "--", id],
        ["sessions", "end", "--", id],
        ["hooks", "show", "--", id],
        ["hooks", "redrive", "--yes", "--", id],
      ]) {
        const { code, stdout, stderr } = await run(args);
        expect([0, 1, 2]).toContain(code);
        expect(stdout + stderr).not.toMatch(ACTIVE);
        expect(stdout + stderr).not.toContain("this is a bug");
      }
    },
  );

  it.each(["\0", "/proc/self/mem", "x".repeat(10_000), "/dev/null"])("says that nothing runs at %j", async (path) => {
    const { code, stderr } = await run(["sessions", "ls"], { VESPER_DATA: path });
    expect(code).toBe(1);
    expect(stderr).not.toContain("this is a bug");
    expect(stderr).not.toMatch(ACTIVE);
  });

  it("names metrics by configured names alone, whatever came in", () => {
    const names = new Set(["http", "telegram", "good", "bad"]);
    const reasons = new Set(["idle", "daily", "max-age", "reset", "api", "recovered"]);
    const dimensions = harness.measured.flatMap(({ by = {} }) => Object.entries(by));
    expect(dimensions.length).toBeGreaterThan(3);
    for (const [name, value] of dimensions) expect(name === "Reason" ? reasons : names).toContain(value);
  });
});
