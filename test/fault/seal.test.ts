import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../world/World.ts";
import { everyCrash } from "./everyCrash.ts";

type Step = (world: World) => Promise<unknown>;

/** How a session of one turn ends, and which of the steps after that is killed. */
interface Story {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly killed: Step;
  readonly reason: string;
}

const sweep: Step = (world) => world.sweep();
const seal: Step = (world) => world.step.stream();
const expire: Step = (world) => world.ttl();
const loseStream: Step = (world) => world.stream.drop();
const wait =
  (duration: string): Step =>
  async (world) =>
    world.advance(duration);

const STORIES: readonly Story[] = [
  { title: "the sweep that ends it", steps: [wait("30m")], killed: sweep, reason: "idle" },
  { title: "the sealing after the sweep", steps: [wait("30m"), sweep], killed: seal, reason: "idle" },
  { title: "the sealing after TTL", steps: [wait("31m"), expire], killed: seal, reason: "idle" },
  {
    title: "the sweep that seals a lost end",
    steps: [wait("31m"), expire, loseStream, wait("10m")],
    killed: sweep,
    reason: "recovered",
  },
];

describe("a crash before and after every call of the expiry function", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it.each(STORIES)(
    "L12 D3 D8 B5 each provider gets the session once: $title",
    async ({ title, steps, killed: step, reason }) => {
      const played = await everyCrash(world, async (name, killed) => {
        const conversation = `${title} ${name}`;
        await world.chat("My name is Bo", { conversation, user: { id: conversation } });
        for (const before of steps) await before(world);
        await killed(() => step(world));
        const received = () => world.provider.received.filter(({ body }) => body.data.users[0].id === conversation);
        for (let sweeps = 0; sweeps < 8 && received().length === 0; sweeps++) {
          await world.recover();
          await world.sweep();
          await world.settle();
        }
        await world.recover();
        const mine = received();
        expect(
          mine.map(({ body }) => [body.data.reason, body.data.turns]),
          conversation,
        ).toEqual([[reason, 1]]);
        // Its name is remembered once, and told when the next session begins.
        const greeting = await world.chat("hi", { conversation, user: { id: conversation } });
        expect(greeting.join().split("Bo").length - 1, conversation).toBeGreaterThanOrEqual(1);
        await world.chat("/reset", { conversation, user: { id: conversation } });
      });
      expect(played).toBeGreaterThanOrEqual(8);
    },
  );
});
