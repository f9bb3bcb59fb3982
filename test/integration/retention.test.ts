import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows, turnRows } from "../harness/rows.ts";
import { told } from "../harness/told.ts";

describe("retention", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    for (let number = 0; number < 15; number++) {
      await harness.chat(`message ${number}`);
      harness.advance("1s");
    }
  });
  afterEach(() => harness.stop());

  it("P7 deletes transcripts wholly after 30 days, if they have been delivered", async () => {
    await end();
    const before = (await allRows(harness)).length;
    harness.goTo("2026-04-01T10:30:13Z");
    await harness.retention();
    expect(await allRows(harness)).toHaveLength(before);

    harness.goTo("2026-04-01T10:30:14Z");
    await harness.retention();

    const rows = await allRows(harness);
    expect(rows.filter(({ pk }) => String(pk).startsWith("SESSION#"))).toEqual([]);
    expect(await sessionRows(harness)).toEqual([]);
    expect(rows.every(({ pk }) => String(pk).startsWith("MEMORY#"))).toBe(true);
  });

  it.each([
    ["dead", 401],
    ["pending", 503],
  ])(
    "L7 L17 keeps a transcript longer while a hook is %s: what could not be delivered is not thrown away",
    async (status, answer) => {
      harness.provider.setMode(answer);
      await end();
      const [session] = await sessionRows(harness);
      const turns = await turnRows(harness, session?.session ?? "");
      harness.advance("40d");
      await harness.retention();
      expect(await turnRows(harness, session?.session ?? "")).toEqual(turns);
      expect(turns).toHaveLength(15);

      harness.provider.setMode("ok");
      if (status === "dead") await harness.redrive(await harness.deadHooks());
      else await harness.sweep();
      await harness.settle();
      expect(harness.delivered()).toMatchObject([{ turns: 15 }]);
      harness.advance("10m");
      await harness.retention();
      expect(await sessionRows(harness)).toEqual([]);
      expect(await turnRows(harness, session?.session ?? "")).toEqual([]);
    },
  );

  it("never touches a running session, however old it is", async () => {
    harness.deploy({ sessions: { default: "none" } });
    await harness.chat("one more");
    harness.advance("40d");
    await harness.retention();

    expect(await harness.chat("still here?")).toHaveLength(1);
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([{ turns: 17 }]);
  });

  /** The session ends at 10:30:14 and is worked. */
  async function end(): Promise<void> {
    harness.goTo("2026-03-02T10:30:30Z");
    await harness.ttl();
    await harness.settle();
  }
});

describe("a run of retention", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    await harness.chat("hello");
    await harness.chat("/reset");
    harness.advance("40d");
  });
  afterEach(() => harness.stop());

  it("tells of itself by a metric, and by another of the sessions that it could not delete", async () => {
    harness.gate.fail("BatchWriteItemCommand");
    expect(await told(harness, () => harness.retention())).toMatchObject({
      lines: [expect.stringContaining("error purge.failed"), "info purge.done purged=0 kept=0 failed=1 finished=true"],
      metrics: ["PurgeFailed 1 Count", "PurgeDone 1 Count"],
    });
    expect(await told(harness, () => harness.retention())).toEqual({
      lines: ["info purge.done purged=1 kept=0 failed=0 finished=true"],
      metrics: ["PurgeDone 1 Count"],
    });
  });
});
