import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth } from "../harness/rows.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { webhookTo } from "../harness/webhookTo.ts";

describe("a provider that is away for two hours", () => {
  let harness: GatewayHarness;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [harness, wiki] = await Promise.all([startGatewayHarness(), startWebhookReceiver()]);
    harness.deploy({ memory: { crm: webhookTo(harness.provider), wiki: webhookTo(wiki), builtin: builtin() } });
  });
  afterEach(() => Promise.all([harness.stop(), wiki.close()]));

  it("L16 L19 L25 B7 loses nothing: every session arrives whole and in order, and no other provider waits", async () => {
    harness.provider.setMode(503);
    for (const topic of ["one", "two", "three", "four"]) {
      expect(await harness.chat(`about ${topic}`)).not.toEqual([]);
      await harness.chat(`more about ${topic}`);
      await harness.chat("/reset");
      await minutes(30);
    }
    expect(harness.delivered()).toEqual([]);
    expect(wiki.effects).toHaveLength(4);
    expect(await hookRows(harness, "builtin")).toMatchObject(Array(4).fill({ status: "delivered", attempts: 1 }));
    expect(await hookRows(harness, "crm")).toMatchObject(Array(4).fill({ status: "pending" }));

    harness.provider.setMode("ok");
    await minutes(120);

    const byTime = harness.delivered().toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
    expect(byTime.map(({ messages }) => messages.map(({ content }: { content: string }) => content))).toEqual(
      ["one", "two", "three", "four"].map((topic) => [
        `about ${topic}`,
        expect.stringMatching(`You said: about ${topic}`),
        `more about ${topic}`,
        expect.stringMatching(`You said: more about ${topic}`),
      ]),
    );
    expect(byTime).toEqual(wiki.effects.map(({ body }) => body.data));
    expect(harness.provider.received).toHaveLength(4);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(0);
  });

  it("L7 L17 hides no earlier session's failure by a later one's success", async () => {
    harness.provider.failNext(1, 500);
    await harness.chat("one");
    harness.advance("1s");
    await harness.chat("/reset");
    await harness.chat("two");
    await harness.chat("/reset");

    expect(await hookRows(harness, "crm")).toMatchObject([
      { status: "pending", attempts: 1, failures: [{ kind: "transient", status: 500 }] },
      { status: "delivered", attempts: 1, failures: [], receipt: { status: 200 } },
    ]);

    harness.advance("10s");
    await harness.settle();
    expect(harness.delivered()).toMatchObject([
      { messages: [{ content: "two" }, {}] },
      { messages: [{ content: "one" }, {}] },
    ]);
  });

  it("is left alone for as long as it asks", async () => {
    harness.provider.failNext(1, 429, { "retry-after": "300" });
    await harness.chat("one");
    await harness.chat("/reset");

    harness.advance("299s");
    await harness.settle();
    expect(harness.delivered()).toEqual([]);
    harness.advance("2s");
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);
  });

  it("B1 B2 B3 B8 holds up neither replies nor /new while it hangs, and its own time limit ends the call", async () => {
    harness.deploy({ memory: { crm: webhookTo(harness.provider) }, hooks: { timeout: "150ms" } });
    harness.provider.setMode("hang");
    await harness.chat("one");

    const begun = performance.now();
    await harness.say("/new");
    await harness.step.message();
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(harness.replies.effects.at(-1)?.body.text).toContain("Done");
    expect(harness.gate.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
    expect(harness.provider.requests).toEqual([]);

    await harness.settle();
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "pending", failures: [{ kind: "timeout" }] }]);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await harness.chat("two")).toEqual(["You said: two"]);
  });

  /** Lets time pass as it does: the minute's sweep, and whatever becomes visible. */
  async function minutes(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed += 10) {
      harness.advance("10m");
      await harness.sweep();
      await harness.settle();
    }
  }
});
