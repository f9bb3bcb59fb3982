import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { webhookTo } from "../harness/webhookTo.ts";

const LONG = "x".repeat(150_000);

/** Of the echo as much as a reply may have. */
const SAID = ["My name is Ann", "You said: My name is Ann", LONG, expect.stringMatching(/^You said: x{50000,}…$/)];

describe("a transcript that is larger than its receiver takes", () => {
  let harness: GatewayHarness;
  let small: WebhookReceiver;
  beforeEach(async () => {
    [harness, small] = await Promise.all([startGatewayHarness(), startWebhookReceiver({ maxBytes: 100_000 })]);
    harness.deploy({ memory: { crm: webhookTo(small) } });
    for (const text of ["My name is Ann", LONG, "/reset"]) await harness.say(text);
  });
  afterEach(() => Promise.all([harness.stop(), small.close()]));

  it("[19] arrives in parts by one delivery, with numbers and ids of their own, and the receipt says how many", async () => {
    await harness.settle();
    const parts = small.effects.map(({ body }) => body.data.part);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.toSorted((a, b) => a.number - b.number)).toEqual(
      parts.map((_, index) => ({ number: index + 1, of: parts.length })),
    );
    expect(said()).toEqual(SAID);
    expect(await hookRows(harness)).toMatchObject([
      {
        status: "delivered",
        attempts: 1,
        receipt: { body: expect.stringMatching(`^${parts.length} parts of at most`) },
      },
    ]);
  });

  it("goes on behind the acknowledged parts when the receiver fails in the middle", async () => {
    small.failNext(2, 413);
    small.passNext(1);
    small.failNext(1, 503);
    await harness.settle();
    expect(small.effects).toHaveLength(1);
    expect(await hookRows(harness)).toMatchObject([{ status: "pending", checkpoint: { done: [expect.any(Number)] } }]);

    harness.advance("10s");
    await harness.settle();

    expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }]);
    expect(small.received.filter(({ repeated }) => repeated)).toEqual([]);
    expect(said()).toEqual(SAID);
  });

  /** The receiver's words, put together from each part once. */
  function said(): readonly string[] {
    const found: string[] = [];
    const parts = small.effects.toSorted((a, b) => a.body.data.part.number - b.body.data.part.number);
    for (const { content, continued } of parts.flatMap(({ body }) => body.data.messages)) {
      if (continued) found.push(`${found.pop()}${content}`);
      else found.push(content);
    }
    return found;
  }
});
