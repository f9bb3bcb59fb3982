import { afterAll, beforeAll, expect, it } from "vitest";
import { conversationKey } from "../../lib/config/conversationKey.ts";
import type { SpeakJob } from "../../lib/domain/InboundJob.ts";
import { sha256 } from "../../lib/domain/ids.ts";
import { sendBatches } from "../../lib/queues/sendBatches.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { everyCrash } from "./everyCrash.ts";

let harness: GatewayHarness;
beforeAll(async () => {
  harness = await startGatewayHarness();
});
afterAll(() => harness.stop());

it.each([
  ["in a live session", "1m", [["one", "by the way", "last"]]],
  ["after its session has ended", "45m", [["one"], ["by the way", "last"]]],
])(
  "T3 P8 what the agent says of its own accord is said once and in its place, killed before and after every call, %s",
  async (title, pause, sessions) => {
    const played = await everyCrash(harness, async (name, killed) => {
      const chat = `${title} ${name}`.replaceAll(" ", "-");
      const said = { conversation: chat, user: { id: chat } };
      await harness.chat("one", said);
      harness.advance(pause);
      const now = harness.clock.now();
      const conversation = conversationKey(harness.services.config, "http", { chat: { id: chat, type: "dm" } });
      const speak = { conversation, messageId: "send-1", sentAt: now, text: "by the way" };
      const job: SpeakJob = { v: 1, enqueueId: name, receivedAt: now, speak };
      const id = sha256(conversation).toString("hex");
      await sendBatches(sqsBatch(harness.inbound), [
        { Id: "0", MessageBody: JSON.stringify(job), MessageGroupId: id, MessageDeduplicationId: `${id}x` },
      ]);
      await killed(harness.step.message);
      await harness.recover();
      await harness.say("last", said);
      await harness.recover();
      harness.advance("31m");
      await harness.sweep();
      await harness.recover();

      const told = harness.replies.effects.filter(
        ({ body }) => body.conversation === chat && body.text === "by the way",
      );
      expect(told).toHaveLength(1);
      const delivered = harness.delivered().filter((one) => one.conversation === conversation || one.chat?.id === chat);
      const words = delivered.map(({ messages }) =>
        messages
          .map(({ content }: { content: string }) => content)
          .filter((text: string) => !text.startsWith("You said")),
      );
      expect(words).toEqual(sessions);
    });
    expect(played).toBeGreaterThanOrEqual(10);
  },
  120_000,
);
