import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { DynamoDBRecord } from "aws-lambda";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InboundJob } from "../../lib/session/InboundJob.ts";
import { sealFromStream } from "../../lib/session/sealFromStream.ts";
import { hookRows, queueDepth } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { hostileText } from "./hostileText.ts";

/** Words of a person, which no log may repeat. */
const WORDS = "my-private-words";

const job: InboundJob = {
  ...{ v: 1, platform: "http", carrier: "c.0", receivedAt: Date.parse("2026-03-02T10:00:00Z") },
  message: {
    ...({ role: "user", origin: "chat" } as const),
    ...{ delivery: "d", chat: { id: "ann", type: "dm" }, user: { id: "ann" }, text: WORDS, replyTo: "ann" },
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

describe("what comes from a queue or a stream", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("B7 poison on the inbound queue ends on its dead-letter queue, with a reason, and holds up nobody else", async () => {
    const { inbound, inboundDead } = world.wiring.queues;
    for (const [name, MessageBody] of Object.entries(POISON)) {
      const group = name.replaceAll(" ", "-");
      await world.operatorQueues.send(
        new SendMessageCommand({
          QueueUrl: inbound,
          MessageBody,
          MessageGroupId: group,
          MessageDeduplicationId: group,
        }),
      );
    }
    expect(await world.chat("hello")).toEqual(["You said: hello"]);

    for (let receipt = 0; receipt < 11; receipt++) {
      world.advance("2m");
      await world.settle();
    }
    expect(await queueDepth(world, inbound)).toBe(0);
    expect(await queueDepth(world, inboundDead)).toBe(Object.keys(POISON).length);
    const failures = world.logged.filter(({ event }) => event === "job.failed");
    expect(failures.length).toBeGreaterThanOrEqual(10 * Object.keys(POISON).length);
    for (const { error } of failures) {
      expect(error).toBeInstanceOf(Error);
      expect(everySaid(error)).not.toContain(WORDS.slice(0, 8));
    }
    expect(failures.map(({ error }) => everySaid(error))).toContainEqual(
      expect.stringContaining("version 2 was found"),
    );
    expect(await world.chat("still there?")).toEqual(["You said: still there?"]);
  });

  it("B7 poison on the session-end queue ends on its dead-letter queue and holds up no delivery", async () => {
    const { sessionEnd, sessionEndDead } = world.wiring.queues;
    const jobs = [WORDS, "{}", '{"v":2}', '{"v":1,"session":5}', JSON.stringify({ v: 1, session: "", provider: "" })];
    for (const MessageBody of jobs) {
      await world.operatorQueues.send(new SendMessageCommand({ QueueUrl: sessionEnd, MessageBody }));
    }
    await world.chat("hello");
    await world.chat("/reset");
    expect(world.delivered()).toHaveLength(1);

    for (let receipt = 0; receipt < 101; receipt++) {
      world.advance("2m");
      await world.settle();
    }
    expect(await queueDepth(world, sessionEnd)).toBe(0);
    const { Messages = [] } = await world.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: sessionEndDead, MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body).sort()).toEqual([...jobs].sort());
  });

  it("a platform that asks for no wait at all can't use a reply's receipts up", async () => {
    world.replies.setMode(503, { "retry-after": "0" });
    await world.say("hello");
    await world.settle();
    expect(world.replies.requests).toHaveLength(1);
    world.replies.setMode("ok");
    world.advance("2s");
    await world.settle();
    expect(world.replies.effects).toHaveLength(1);
  });

  it("a job for a hook that is not there does nothing", async () => {
    const { sessionEnd } = world.wiring.queues;
    const gone = { v: 1, session: "S", conversation: "c", provider: "constructor" };
    await world.operatorQueues.send(
      new SendMessageCommand({ QueueUrl: sessionEnd, MessageBody: JSON.stringify(gone) }),
    );
    await world.settle();
    expect(world.logged.map(({ event }) => event)).toContain("hook.gone");
    expect(await queueDepth(world, sessionEnd)).toBe(0);
  });

  it("stream records of any shape are sealed, passed over or reported; the good one among them is sealed", async () => {
    await world.chat("hello");
    world.advance("31m");
    await world.sweep();
    const attribute = fc.oneof(
      hostileText.map((S) => ({ S })),
      fc.oneof(fc.integer().map(String), hostileText).map((N) => ({ N })),
      fc.constantFrom({ NULL: true }, { M: {} }, { L: [] }, { M: { id: { S: "x" } } }, {}, { X: "y" }, null),
    );
    const fields = ["session", "startedAt", "startedBy", "expiresAt", "lastActivityAt", "lease", "previous", "origin"];
    const image = fc.dictionary(fc.oneof(fc.constantFrom(...fields), hostileText), attribute);
    const hostile = fc.record(
      {
        eventName: fc.constantFrom("REMOVE", "MODIFY", "INSERT", "X"),
        dynamodb: fc.option(
          fc.record(
            {
              Keys: fc.record({ pk: attribute, sk: fc.oneof(fc.constant({ S: "LIVE" }), attribute) }),
              ...{ OldImage: image, NewImage: image, SequenceNumber: hostileText },
              ApproximateCreationDateTime: fc.oneof(fc.integer(), fc.double()),
            },
            { requiredKeys: ["SequenceNumber"] },
          ),
          { nil: undefined },
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 5 }), async (records) => {
        const failed = await sealFromStream(world.services, world.queues.sessionEnd, records as DynamoDBRecord[]);
        for (const number of failed) expect(records.map((one) => one.dynamodb?.SequenceNumber ?? "")).toContain(number);
      }),
      { numRuns: 150 },
    );
    await world.settle();
    expect(await hookRows(world)).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
  });
});

function everySaid(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${everySaid(error.cause)}` : "";
}
