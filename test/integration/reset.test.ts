import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows, sessionRows, turnRows } from "../harness/rows.ts";

describe("/reset", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness.stop());

  it("L3 P11 ends the running session, which is delivered once, answers the user, and tells the agent of the session before", async () => {
    await harness.chat("hello");
    harness.advance("5m");

    expect(await harness.chat("/reset")).toEqual(["Done: a new conversation begins."]);

    expect(harness.delivered()).toMatchObject([
      { reason: "reset", turns: 1, endedAt: "2026-03-02T10:05:00.000Z", messages: [{ content: "hello" }, {}] },
    ]);
    const [old] = await sessionRows(harness);
    expect(await conversationRows(harness)).toMatchObject([{ previous: { session: old?.session, reason: "reset" } }]);
  });

  it("gives the next message no notice of what the user did", async () => {
    expect(await harness.chat("hello again")).toHaveLength(1);
  });

  it("D9 resets nothing when the platform sends it again, at once or much later", async () => {
    const reset = { messageId: "reset-2", sentAt: Date.now() };
    await harness.chat("/reset", reset);
    const before = await sessionRows(harness);
    await harness.chat("kept");

    expect(await harness.chat("/reset", reset)).toEqual([]);
    harness.advance("10m");
    expect(await harness.chat("/reset", reset)).toEqual([]);

    expect(await sessionRows(harness)).toEqual(before);
    expect(harness.delivered()).toHaveLength(2);
    expect(await harness.chat("still the same session")).toHaveLength(1);
    expect(await turnRows(harness, before.at(-1)?.session ?? "")).toHaveLength(3);
  });

  it("starts an empty session on a conversation without one, which a second /reset does not end", async () => {
    await harness.chat("/reset", { conversation: "bob" });
    harness.advance("1m");
    await harness.chat("/reset", { conversation: "bob" });

    expect(await sessionRows(harness, "bob")).toMatchObject([{ status: "open" }]);
    expect(harness.delivered()).toHaveLength(2);
  });
});
