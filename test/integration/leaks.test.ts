import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";

/** How a provider may treat a call, each in a way of its own with the connection. */
const TREATMENTS = ["hang", 503, "reset", "lost-ack", 429] as const;

/** Both ends of the connections that are kept for the next call: so many more or fewer, by chance, at any moment. */
const IDLE = 4;

describe("a worker of deliveries", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("B6 keeps no timer after deliveries, most of which fail, and no more sockets and handles than after the first", async () => {
    deploy("300ms");
    await deliver(TREATMENTS);
    const { TCPSocketWrap: sockets = 0, ...others } = held();

    for (let session = 0; session < 3; session++) await deliver([...TREATMENTS, ...TREATMENTS]);
    // Timers that nobody clears are there for as long as this.
    deploy("30s");
    await deliver([503]);

    expect((await hookRows(harness)).map(({ status }) => status)).toEqual(Array(5).fill("delivered"));
    expect(harness.provider.requests.length).toBeGreaterThanOrEqual(6 + 3 * 11 + 2);
    await soon(() => held().Timeout === undefined && (held().TCPSocketWrap ?? 0) <= sockets + IDLE);
    const { TCPSocketWrap: left = 0, ...now } = held();
    expect(now).toEqual(others);
    expect(left).toBeLessThanOrEqual(sockets + IDLE);
  });

  function deploy(timeout: string): void {
    // Attempts to spare, for a machine that is so slow that a good call takes too long.
    const retry = Array(2 * TREATMENTS.length + 6).fill("1s");
    harness.deploy({ memory: { crm: webhookTo(harness.provider) }, hooks: { timeout, retry } });
  }

  /** A session ends, and is delivered after it was treated so. */
  async function deliver(treatments: readonly (typeof TREATMENTS)[number][]): Promise<void> {
    await harness.chat("hello");
    for (const treatment of treatments) harness.provider.failNext(1, treatment);
    await harness.say("/reset");
    do {
      await harness.settle();
      harness.advance("1s");
    } while ((await hookRows(harness)).some(({ status }) => status === "pending"));
  }

  /** How many there are of each kind of thing that keeps a process running. */
  function held(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
});

/** Waits: what was given up is closed on both sides within moments; what is kept by mistake stays for minutes. */
async function soon(holds: () => boolean): Promise<void> {
  for (let waits = 0; waits < 60 && !holds(); waits++) await new Promise((resolve) => setTimeout(resolve, 50));
}
