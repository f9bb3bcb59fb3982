import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("a client that vanishes without a word", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L11 leaves a session between two messages that the idle limit ends, and that is delivered whole", async () => {
    await harness.chat("one");
    await harness.chat("two");
    await harness.replies.close();

    await sweepAt(harness, "2026-03-02T10:30:00Z");

    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 2, endedAt: "2026-03-02T10:30:00.000Z" }]);
    expect(await conversationRows(harness)).toEqual([]);
  });

  it("L11 leaves a session while it is answered that is delivered on time, without the reply that nobody took", async () => {
    await harness.chat("one");
    harness.advance("1m");
    await harness.say("two");
    await harness.replies.close();
    for (let minute = 0; minute < 30; minute++) {
      await harness.settle();
      harness.advance("1m");
      await harness.sweep();
    }
    await harness.settle();

    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: one"]);
    expect(harness.delivered()).toMatchObject([
      {
        reason: "idle",
        endedAt: "2026-03-02T10:31:00.000Z",
        messages: [{ content: "one" }, { role: "assistant", content: "You said: one" }, { content: "two" }],
      },
    ]);
  });
});
