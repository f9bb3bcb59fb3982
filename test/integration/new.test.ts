import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";

describe("/new", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness.stop());

  it("L3 makes what follows it the successor's first turn", async () => {
    await harness.chat("hello");
    harness.advance("1m");

    expect(await harness.chat("/new plan my trip")).toEqual(["You said: plan my trip"]);
    await harness.chat("/reset");

    expect(harness.delivered()).toMatchObject([
      { reason: "reset", turns: 1, messages: [{ content: "hello" }, {}] },
      { reason: "reset", turns: 1, messages: [{ content: "plan my trip" }, { content: "You said: plan my trip" }] },
    ]);
  });

  it("W1 W3 L14 delivers the old transcript whole under the old id, with a message 100 ms after it", async () => {
    const bob = { conversation: "bob", user: { id: "bob" } };
    await harness.say("one", bob);
    await harness.say("two", bob);
    await harness.step.message();
    harness.advance("1m");
    await harness.say("/new", bob);
    harness.advance("100ms");
    await harness.say("three", bob);
    await harness.settle();
    harness.advance("1m");
    await harness.chat("/new", bob);

    const sessions = await sessionRows(harness, "bob");
    expect(harness.delivered().slice(-2)).toMatchObject([
      { session: sessions[0]?.session, turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] },
      { session: sessions[1]?.session, turns: 1, messages: [{ content: "three" }, {}] },
    ]);
  });
});
