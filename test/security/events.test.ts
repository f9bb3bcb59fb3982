import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBRecord, SQSRecord } from "aws-lambda";
import fc from "fast-check";
import type * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hookJobSchema } from "../../lib/domain/HookJob.ts";
import { type InboundJob, inboundJobSchema } from "../../lib/domain/InboundJob.ts";
import { sealFromStream } from "../../lib/expiry/sealFromStream.ts";
import { takeTurn } from "../../lib/message/takeTurn.ts";
import { type Attempt, type WorkOutcome, workQueue } from "../../lib/queues/workQueue.ts";
import { deliverHook } from "../../lib/session-end/deliverHook.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth } from "../harness/rows.ts";
import { hostileJson } from "./hostileJson.ts";
import { hostileText } from "./hostileText.ts";

/** Words of a person, which no log may repeat. */
const WORDS = "my-private-words";

const job: InboundJob = {
  ...{ v: 1, platform: "http", enqueueId: "c.0", receivedAt: Date.parse("2026-03-02T10:00:00Z") },
  message: {
    ...({ role: "user", origin: "chat" } as const),
    ...{ messageId: "d", chat: { id: "ann", type: "dm" }, user: { id: "ann" }, text: WORDS, replyTo: "ann" },
  },
};

describe("a worker of a queue or a stream", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it.each([0, -1, "1", 1.5, 2, null, true])(
    "leaves a job of the version %j on its queue, and does not work it",
    async (v) => {
      const hookJob = { v, session: "S", conversation: "c", provider: "crm" };
      for (const [schema, given] of [
        [inboundJobSchema, { ...job, v }],
        [hookJobSchema, hookJob],
      ] as const) {
        expect(await work(schema, JSON.stringify(given), () => Promise.reject(new Error("worked")))).toBe("failed");
      }
      const said = typeof v === "number" && v > 1 ? /^version [\d.]+ was found/ : /^the queue message, /;
      for (const { error } of harness.logged) expect(everySaid(error)).toMatch(said);
      expect(harness.lines.join()).not.toContain(WORDS);
    },
  );

  it("works, delays or fails each job near a genuine one for itself, and logs none of the person's words", async () => {
    const message = {
      ...{ "message.delivery": '"d"', "message.chat": '{"id":"ann","type":"dm"}', "message.replyTo": '"ann"' },
      ...{ "message.user": `{"id":"ann","name":"${WORDS}"}`, "message.text": `"${WORDS}"`, "message.role": '"user"' },
      ...{ "message.origin": '"chat"', "message.sentAt": String(job.receivedAt) },
    };
    const genuine = { v: "1", platform: '"http"', enqueueId: '"c.0"', receivedAt: String(job.receivedAt), ...message };
    // Of the right shape, so that the work begins.
    const texts = fc
      .record({
        messageId: hostileText,
        chat: hostileText,
        user: hostileText,
        replyTo: hostileText,
        command: hostileText,
      })
      .map(({ messageId, chat, user, replyTo, command }) => {
        const words = { messageId, replyTo, chat: { id: chat, type: "group" }, user: { id: user, name: WORDS } };
        return JSON.stringify({
          ...job,
          message: { ...job.message, ...words, ...(command === "" ? {} : { command }) },
        });
      });
    const became = await becameOf(fc.oneof(hostileJson(genuine), texts, damaged(JSON.stringify(job))), (body) =>
      work(inboundJobSchema, body, (given, attempt) => takeTurn(harness.services, given, attempt)),
    );
    expect(became).toEqual(new Set([...became, "done", "failed"]));
  });

  it("works, delays or fails each hook's job near a genuine one for itself, too", async () => {
    await harness.chat(WORDS);
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    const [{ session, conversation, provider } = NO_HOOK] = await hookRows(harness, "crm");
    const genuine = {
      ...{ v: "1", session: JSON.stringify(session), conversation: JSON.stringify(conversation) },
      ...{ provider: JSON.stringify(provider), deadAt: "5" },
    };
    const became = await becameOf(hostileJson(genuine), (body) =>
      work(hookJobSchema, body, (given, { deadline }) =>
        deliverHook(harness.services, harness.queues.dlq, given, deadline),
      ),
    );
    expect(became).toEqual(new Set([...became, "done", "failed"]));
  });

  it("lets no platform use a reply's receives up by asking for no wait at all", async () => {
    harness.replies.setMode(503, { "retry-after": "0" });
    await harness.say("hello");
    await harness.settle();
    expect(harness.replies.requests).toHaveLength(1);
    harness.replies.setMode("ok");
    harness.advance("2s");
    await harness.settle();
    expect(harness.replies.effects).toHaveLength(1);
  });

  it("does nothing for a job whose hook is not there", async () => {
    const sessionEnd = harness.wiring.queues.sessionEnd.crm;
    const gone = { v: 1, session: "S", conversation: "c", provider: "constructor" };
    await harness.operatorQueues.send(
      new SendMessageCommand({ QueueUrl: sessionEnd, MessageBody: JSON.stringify(gone) }),
    );
    await harness.settle();
    expect(harness.logged.map(({ event }) => event)).toContain("hook.gone");
    expect(await queueDepth(harness, sessionEnd)).toBe(0);
  });

  it("seals, passes over or reports stream records of any shape, and seals the good one among them", async () => {
    await harness.chat("hello");
    harness.advance("31m");
    await harness.sweep();
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
        const failed = await sealFromStream(harness.services, harness.queues.sessionEnd, records as DynamoDBRecord[]);
        for (const number of failed) expect(records.map((one) => one.dynamodb?.SequenceNumber ?? "")).toContain(number);
      }),
      { numRuns: 150 },
    );
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
  });

  /** Works one queue message on a queue of nothing else; the batch itself must never fail. */
  async function work<Schema extends v.GenericSchema>(
    schema: Schema,
    body: string,
    worker: (job: v.InferOutput<Schema>, attempt: Attempt) => Promise<WorkOutcome>,
  ): Promise<"done" | "later" | "failed"> {
    const before = harness.logged.length;
    const client = Object.assign(new SQSClient({ region: "none" }), { send: async () => ({}) });
    const { clock } = harness;
    const queue = { client, url: "none" };
    const records = [recordOf(body)];
    const { log } = harness.services;
    const kept = await workQueue({ clock, log }, queue, records, schema, clock.now() + 60_000, worker);
    if (kept.length === 0) return "done";
    expect(kept).toEqual(["m"]);
    return harness.logged.slice(before).some(({ event }) => event === "job.failed") ? "failed" : "later";
  }

  /** Works many jobs one after the other, and answers what became of any. */
  async function becameOf(bodies: fc.Arbitrary<string>, one: (body: string) => Promise<string>) {
    const became = new Set<string>();
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        harness.lines.length = 0;
        became.add(await one(body));
        const logged = harness.lines.join("\n");
        expect(PIECES.filter((piece) => logged.includes(piece))).toEqual([]);
      }),
      { numRuns: 150 },
    );
    return became;
  }
});

/** No eight characters of the person's words in a row may be in a log: parsers quote what is around a mistake. */
const PIECES = Array.from({ length: WORDS.length - 7 }, (_, at) => WORDS.slice(at, at + 8));

/** The text with one character taken out, put in or changed, or with its end cut off. */
function damaged(text: string): fc.Arbitrary<string> {
  const near = text.indexOf(WORDS);
  const place = fc.oneof(fc.nat(text.length), fc.integer({ min: near - 2, max: near + 2 }));
  const change = fc.tuple(place, fc.constantFrom("", '"', "\\", "{", "]", "\n", "x"), fc.nat(1));
  return fc.oneof(
    change.map(([at, put, taken]) => text.slice(0, at) + put + text.slice(at + taken)),
    place.map((at) => text.slice(0, at)),
  );
}

/** What stands for a hook that is missing. */
const NO_HOOK = { session: "", conversation: "", provider: "" };

function recordOf(body: string): SQSRecord {
  return {
    ...{ messageId: "m", receiptHandle: "r", body, messageAttributes: {}, md5OfBody: "" },
    ...{ eventSource: "aws:sqs", eventSourceARN: "", awsRegion: "" },
    attributes: {
      ...{ ApproximateReceiveCount: "1", SentTimestamp: "0", SenderId: "" },
      ApproximateFirstReceiveTimestamp: "0",
    },
  };
}

function everySaid(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${everySaid(error.cause)}` : "";
}
