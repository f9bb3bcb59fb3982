import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import type { InboundJob } from "../../lib/domain/InboundJob.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";

/** Words of a person, which no log may repeat. */
const WORDS = "my-private-words";

const job: InboundJob = {
  ...{ v: 1, platform: "http", enqueueId: "c.0", receivedAt: Date.parse("2026-03-02T10:00:00Z") },
  message: {
    ...({ role: "user", origin: "chat" } as const),
    ...{ messageId: "d", chat: { id: "ann", type: "dm" }, user: { id: "ann" }, text: WORDS, replyTo: "ann" },
  },
};

const POISON: Readonly<Record<string, string>> = {
  "no JSON": WORDS,
  "half a job": JSON.stringify(job).slice(0, -10),
  "a version of the future": JSON.stringify({ ...job, v: 2, words: WORDS }),
  "no version": JSON.stringify({ ...job, v: undefined }),
  "another shape": JSON.stringify({ v: 1, text: WORDS }),
  "a list": "[]",
  null: "null",
  "deep nesting": `{"v":1,"message":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  "a prototype": `{"__proto__":{"v":1},"words":"${WORDS}"}`,
  "a platform that is gone": JSON.stringify({ ...job, platform: "constructor" }),
  "a time beyond all calendars": JSON.stringify({ ...job, message: { ...job.message, sentAt: 8.64e15 + 1 } }),
};

describe("a worker of a queue or a stream", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("B7 sends poison of the inbound queue to its dead-letter queue, with a reason, and holds up nobody else", async () => {
    const { inbound, inboundDead } = harness.wiring.queues;
    for (const [name, MessageBody] of Object.entries(POISON)) {
      const group = name.replaceAll(" ", "-");
      await harness.operatorQueues.send(
        new SendMessageCommand({
          QueueUrl: inbound,
          MessageBody,
          MessageGroupId: group,
          MessageDeduplicationId: group,
        }),
      );
    }
    expect(await harness.chat("hello")).toEqual(["You said: hello"]);

    for (let receipt = 0; receipt <= wiring.inbound.maxReceiveCount; receipt++) {
      // Within forty minutes.
      harness.advance(receipt < 35 ? "1m" : "1s");
      await harness.settle();
    }
    expect(await queueDepth(harness, inbound)).toBe(0);
    expect(await queueDepth(harness, inboundDead)).toBe(Object.keys(POISON).length);
    const failures = harness.logged.filter(({ event }) => event === "job.failed");
    expect(failures.length).toBeGreaterThanOrEqual(10 * Object.keys(POISON).length);
    for (const { error } of failures) {
      expect(error).toBeInstanceOf(Error);
      expect(everySaid(error)).not.toContain(WORDS.slice(0, 8));
    }
    expect(failures.map(({ error }) => everySaid(error))).toContainEqual(
      expect.stringContaining("version 2 was found"),
    );
    expect(await harness.chat("still there?")).toContain("You said: still there?");
  }, 180_000);

  it("B7 sends poison of a session-end queue to its dead-letter queue, and holds up no delivery", async () => {
    const { sessionEndDead } = harness.wiring.queues;
    const sessionEnd = harness.wiring.queues.sessionEnd.crm;
    const jobs = [WORDS, "{}", '{"v":2}', '{"v":1,"session":5}', JSON.stringify({ v: 1, session: "", provider: "" })];
    for (const MessageBody of jobs) {
      await harness.operatorQueues.send(new SendMessageCommand({ QueueUrl: sessionEnd, MessageBody }));
    }
    await harness.chat("hello");
    await harness.chat("/reset");
    expect(harness.delivered()).toHaveLength(1);

    for (let receipt = 0; receipt < 101; receipt++) {
      harness.advance("2m");
      await harness.settle();
    }
    expect(await queueDepth(harness, sessionEnd)).toBe(0);
    const { Messages = [] } = await harness.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: sessionEndDead, MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body).sort()).toEqual([...jobs].sort());
  }, 120_000);
});

function everySaid(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${everySaid(error.cause)}` : "";
}
