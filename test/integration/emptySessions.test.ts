import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";

describe("a session in which nothing is said", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("is not ended by another /reset or /new, as there is a new session already", async () => {
    await harness.chat("one");
    for (const text of ["/reset", "/new", "/reset"]) {
      expect(await harness.chat(text)).toEqual(["Done: a new conversation begins."]);
    }
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended" }, { status: "open" }]);

    await harness.chat("/new two");
    expect(await sessionRows(harness)).toHaveLength(2);
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([
      { turns: 1, messages: [{ content: "one" }, {}] },
      { turns: 1, messages: [{ content: "two" }, {}] },
    ]);
  });

  it("is ended by /reset where somebody moved their memory switch in it", async () => {
    await harness.chat("/memory on");
    await harness.chat("/reset");
    await harness.chat("one");
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, {}] }]);
  });

  it("leaves nothing in the ledger when it ends, says so in its row, and a command that comes again is known for 8 days", async () => {
    await harness.chat("/reset", { messageId: "again", sentAt: Date.now() });
    const sentAt = Date.now();
    harness.advance("31m");
    await harness.sweep();
    await harness.settle();
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended", reason: "idle", turns: 0 }]);
    expect((await allRows(harness)).filter(({ sk }) => String(sk).startsWith("HOOK#"))).toEqual([]);

    harness.advance("7d");
    expect(await harness.chat("/reset", { messageId: "again", sentAt })).toEqual([]);
    expect(await sessionRows(harness)).toHaveLength(1);
  });
});
