import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { everyCrash } from "./everyCrash.ts";

describe("the webhook function, killed before and after every call,", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness.stop());

  it.each(["at once", "after ten minutes", "after the session has ended"])(
    "L26 D9 makes one turn and one reply when the platform sends the message again %s",
    async (when) => {
      const played = await everyCrash(harness, async (name, killed) => {
        const conversation = `${when} ${name}`;
        const said = {
          conversation,
          user: { id: conversation },
          messageId: conversation.replaceAll(" ", "-"),
          sentAt: Date.now(),
        };
        await killed(() => harness.say("one", said));
        await harness.settle();
        if (when !== "at once") harness.advance("10m");
        if (when === "after the session has ended") {
          harness.advance("25m");
          await harness.sweep();
          await harness.settle();
        }
        await harness.say("one", said);
        await harness.recover();
        harness.advance("31m");
        await harness.sweep();
        await harness.recover();
        const mine = harness.delivered().filter(({ users }) => users[0].id === conversation);
        expect(
          mine.map(({ turns }) => turns),
          conversation,
        ).toEqual([1]);
        expect(harness.replies.received.filter(({ body }) => body.conversation === conversation)).toHaveLength(1);
      });
      expect(played).toBeGreaterThanOrEqual(2);
    },
  );
});
