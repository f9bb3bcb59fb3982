import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hookRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

/** How a provider may treat a call, each in a way of its own with the connection. */
const TREATMENTS = [503, "reset", "lost-ack", "hang", 429] as const;

/** Both ends of the connections that are kept for the next call: so many more or fewer, by chance, at any moment. */
const IDLE = 4;

describe("what a worker keeps between its jobs", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({
      memory: { crm: webhookTo(world.provider) },
      hooks: { timeout: "100ms", retry: Array(TREATMENTS.length).fill("1s") },
    });
  });
  afterEach(() => world.stop());

  it("B6 sixty deliveries, most of which fail, leave no timer, and no more sockets and handles than a few did", async () => {
    for (let session = 0; session < 2; session++) await deliver();
    await closed();
    const before = held();

    for (let session = 0; session < 10; session++) await deliver();

    expect(held()).not.toHaveProperty("Timeout");
    await closed();
    const { TCPSocketWrap: sockets = 0, ...others } = held();
    expect(others).toEqual({ ...before, TCPSocketWrap: undefined });
    expect(sockets).toBeLessThanOrEqual((before.TCPSocketWrap ?? 0) + IDLE);
    const hooks = await hookRows(world);
    expect(hooks.map(({ status, attempts }) => [status, attempts])).toEqual(Array(12).fill(["delivered", 6]));
  });

  /** A session ends and is delivered at the sixth attempt. */
  async function deliver(): Promise<void> {
    await world.chat("hello");
    for (const fault of TREATMENTS) world.provider.failNext(1, fault);
    await world.say("/reset");
    for (let attempts = 0; attempts <= TREATMENTS.length; attempts++) {
      await world.settle();
      world.advance("1s");
    }
  }

  /** How many there are of each kind of thing that keeps a process running. */
  function held(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
});

/** Long enough for a socket that was given up to be closed on both sides. */
function closed(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}
