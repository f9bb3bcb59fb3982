import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { everyCrash } from "./everyCrash.ts";

type Step = (harness: GatewayHarness) => Promise<unknown>;

/** How a session of one turn ends, and which of the steps after that is killed. */
interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly killed: Step;
  readonly reason: string;
}

const sweep: Step = (harness) => harness.sweep();

const seal: Step = (harness) => harness.step.stream();

const expire: Step = (harness) => harness.ttl();

const loseStream: Step = (harness) => harness.stream.drop();

const wait =
  (duration: string): Step =>
  async (harness) =>
    harness.advance(duration);

const SCENARIOS: readonly Scenario[] = [
  { title: "the sweep that ends it", steps: [wait("30m")], killed: sweep, reason: "idle" },
  {
    title: "the sweep that sees it coming, and the visit that ends it",
    steps: [wait("29m"), wait("30s")],
    killed: sweep,
    reason: "idle",
  },
  { title: "the sealing after the sweep", steps: [wait("30m"), sweep], killed: seal, reason: "idle" },
  { title: "the sealing after TTL", steps: [wait("31m"), expire], killed: seal, reason: "idle" },
  {
    title: "the sweep that seals a lost end",
    steps: [wait("31m"), expire, loseStream, wait("10m")],
    killed: sweep,
    reason: "recovered",
  },
];

describe("the expiry function, killed before and after every call,", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness.stop());

  it.each(SCENARIOS)(
    "L12 D3 D8 B5 gives each provider the session once: $title",
    async ({ title, steps, killed: step, reason }) => {
      const played = await everyCrash(harness, async (name, killed) => {
        const conversation = `${title} ${name}`;
        await harness.chat("My name is Bo", { conversation, user: { id: conversation } });
        for (const before of steps) await before(harness);
        await killed(() => step(harness));
        const received = () => harness.provider.received.filter(({ body }) => body.data.users[0].id === conversation);
        for (let sweeps = 0; sweeps < 8 && received().length === 0; sweeps++) {
          await harness.recover();
          await harness.sweep();
          await harness.settle();
        }
        await harness.recover();
        const mine = received();
        expect(
          mine.map(({ body }) => [body.data.reason, body.data.turns]),
          conversation,
        ).toEqual([[reason, 1]]);
        // Its name is remembered once, and told when the next session begins.
        const greeting = await harness.chat("hi", { conversation, user: { id: conversation } });
        expect(greeting.join().split("Bo").length - 1, conversation).toBeGreaterThanOrEqual(1);
        await harness.chat("/reset", { conversation, user: { id: conversation } });
      });
      expect(played).toBeGreaterThanOrEqual(8);
    },
  );
});
