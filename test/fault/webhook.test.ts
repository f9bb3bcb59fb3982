import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../world/World.ts";
import { everyCrash } from "./everyCrash.ts";

describe("a crash before and after every call of the webhook function", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it.each(["at once", "after ten minutes", "after the session has ended"])(
    "L26 D9 the platform sends the message again %s, and there is one turn and one reply",
    async (when) => {
      const played = await everyCrash(world, async (name, killed) => {
        const conversation = `${when} ${name}`;
        const said = {
          conversation,
          user: { id: conversation },
          delivery: conversation.replaceAll(" ", "-"),
          sentAt: Date.now(),
        };
        await killed(() => world.say("one", said));
        await world.settle();
        if (when !== "at once") world.advance("10m");
        if (when === "after the session has ended") {
          world.advance("25m");
          await world.sweep();
          await world.settle();
        }
        await world.say("one", said);
        await world.recover();
        world.advance("31m");
        await world.sweep();
        await world.recover();
        const mine = world.delivered().filter(({ users }) => users[0].id === conversation);
        expect(
          mine.map(({ turns }) => turns),
          conversation,
        ).toEqual([1]);
        expect(world.replies.received.filter(({ body }) => body.conversation === conversation)).toHaveLength(1);
      });
      expect(played).toBeGreaterThanOrEqual(2);
    },
  );
});
