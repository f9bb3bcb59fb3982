import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { machineReaches } from "../harness/machineReaches.ts";
import { worksLater } from "../harness/worksLater.ts";
import { type CliHarness, DEPLOYED, startCliHarness } from "./cliHarness.ts";

describe("the command line on a hook that its provider has accepted", () => {
  let cliHarness: CliHarness;
  let session: string;
  const later = worksLater();
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    const { harness } = cliHarness;
    harness.deploy({ memory: { crm: later.adapter() } });
    await harness.chat("hello");
    await harness.chat("/reset");
    harness.advance("10s");
    later.fate = new DeliveryError("transient", "not now", { status: 503 });
    await harness.settle();
    await machineReaches(harness.clock.now());
    [session = ""] = later.asked;
  }, 60_000);
  afterAll(async () => {
    await cliHarness.stop();
    vi.unstubAllEnvs();
  });

  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await cliHarness.cli([...args, ...DEPLOYED]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };

  it("lists it by its state, apart from the pending ones, with why it could not be asked for", async () => {
    const listed = await cli("hooks", "ls", "--status", "accepted");
    expect(listed).toMatch(new RegExp(`${session.slice(-6)} +crm +accepted +1 .+ transient 503 not now`));
    expect(await cli("hooks", "ls", "status:pending")).toBe("no hooks\n");
    expect(JSON.parse(await cli("hooks", "ls", "status:accepted", "--json"))).toMatchObject([
      { session, status: "accepted", attempts: 1, acceptedAt: expect.any(String), nextAttemptAt: expect.any(String) },
    ]);
    expect(await cli("hooks", "groups", "status:accepted")).toMatch(/1 .+ transient 503/);
  });

  it("shows when it was accepted, as what, and when it is asked for", async () => {
    const shown = await cli("hooks", "show", session, "crm");
    expect(shown).toContain(`${session} -> crm: accepted`);
    expect(shown).toMatch(/accepted 202 op-1$/m);
    expect(shown).toMatch(/failed after \d+ ms: transient 503 not now$/m);
    expect(shown).toMatch(/asked what became of it$/m);
    expect(shown).toMatch(/^ {2}attempts 1, redriven 0 times/m);
  });

  it("says in doctor that its provider can't be asked", async () => {
    const { stdout } = await cliHarness.cli(["doctor", ...DEPLOYED]);
    expect(stdout).toMatch(/crm deliveries +1 pending hook is failing .*hooks ls --status accepted --provider crm$/m);
  });
});
