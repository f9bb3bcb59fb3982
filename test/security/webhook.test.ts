import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { scopeOf } from "../../lib/adapter/scopeOf.ts";
import { conversationKey } from "../../lib/config/conversationKey.ts";
import type { InboundJob } from "../../lib/domain/InboundJob.ts";
import { turnKey } from "../../lib/domain/Turn.ts";
import { conversationItem, firstSeenItem, turnItem } from "../../lib/store/keys.ts";
import { SECRET_TOKEN, updateOf } from "../unit/platforms/telegram/telegramCall.ts";
import { edgeStand } from "./edgeStand.ts";
import { hostileJson } from "./hostileJson.ts";
import { hostileText } from "./hostileText.ts";
import { signed } from "./signed.ts";
import { HTTP_BODY, UPDATE } from "./signedBodies.ts";
import { sizeOf } from "./sizeOf.ts";

const RUNS = { numRuns: 400 };

/** What SQS takes in a message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const SENDABLE = /^[\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** DynamoDB's limits, bytes. */
const PARTITION_KEY = 2_048;

const SORT_KEY = 1_024;

const ITEM = 400 * 1024;

/** The longest reply and recalled memories that a turn is stored with: characters of three bytes. */
const REPLY = "猫".repeat(60_000);

const MEMORIES = [{ text: "猫".repeat(2_000) }];

describe("a hostile call that is signed", () => {
  let edge: ReturnType<typeof edgeStand>;
  beforeEach(() => {
    edge = edgeStand();
  });

  it("is carried whole by http, or is refused with a problem and changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(hostileJson(HTTP_BODY), async (body) => hold(await edge.postSigned(body), 202)),
      RUNS,
    );
  });

  it("is carried whole by telegram, or is refused with a problem and changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(hostileJson(UPDATE), async (body) => hold(await edge.postUpdate(body), 200)),
      RUNS,
    );
  });

  it("is answered with any bytes for a body", async () => {
    const headers = { "x-telegram-bot-api-secret-token": SECRET_TOKEN };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const answer = await edge.post("telegram", bytes, headers);
        expect([200, 400]).toContain(answer.statusCode);
        edge.bodies.length = 0;
      }),
      RUNS,
    );
  });

  it("is answered with any headers and any platform in its address", async () => {
    const names = fc.constantFrom(
      ...["webhook-id", "webhook-timestamp", "webhook-signature", "x-telegram-bot-api-secret-token"],
      ...["__proto__", "constructor", "cookie", "content-type"],
    );
    const platforms = fc.oneof(fc.constantFrom("http", "telegram", "__proto__", "constructor", ""), hostileText);
    const given = fc.tuple(platforms, fc.dictionary(fc.oneof(names, hostileText), hostileText));
    await fc.assert(
      fc.asyncProperty(given, async ([platform, headers]) => {
        const answer = await edge.post(platform, "{}", headers);
        expect([401, 404]).toContain(answer.statusCode);
        expect(answer.body?.length).toBeLessThan(400);
        expect(edge.bodies).toEqual([]);
      }),
      RUNS,
    );
  });

  it("is carried or refused with any id", async () => {
    const body = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text: "hello" });
    await fc.assert(
      fc.asyncProperty(hostileText, async (id) => hold(await edge.postSigned(body, id), 202)),
      RUNS,
    );
  });

  it("is the same call as text and as base64, with any query and its headers' names in any case", async () => {
    let carried = 0;
    const query = fc.option(fc.dictionary(hostileText, hostileText), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(hostileJson(HTTP_BODY), query, async (body, queryStringParameters) => {
        const headers = Object.entries(signed(body)).map(([name, value]) => [name.toUpperCase(), value]);
        const changes = { headers: Object.fromEntries(headers), queryStringParameters };
        const first = await edge.postSigned(body);
        const [job] = edge.takeJobs();
        const second = await edge.postSigned(body, "msg_1", { ...changes, body, isBase64Encoded: false });
        const [same] = edge.takeJobs();
        expect(second.statusCode).toBe(first.statusCode);
        expect(same?.message).toEqual(job?.message);
        if (job) carried += 1;
      }),
      RUNS,
    );
    expect(carried).toBeGreaterThan(0);
  });

  it("is refused when its signature is only nearly right, its bytes are others, or its method is", async () => {
    const body = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text: "hello" });
    const flipped = fc.nat(40).map((at) => {
      const { "webhook-signature": signature } = signed(body);
      const place = "v1,".length + at;
      const other = signature[place] === "A" ? "B" : "A";
      return {
        headers: { ...signed(body), "webhook-signature": signature.replace(/./g, (c, i) => (i === place ? other : c)) },
      };
    });
    const relabelled = fc.constantFrom("v1a,", "v2,", "V1,", "", "v1, ", "v1,=").map((label) => ({
      headers: { ...signed(body), "webhook-signature": signed(body)["webhook-signature"].replace("v1,", label) },
    }));
    const missing = fc
      .constantFrom("webhook-id", "webhook-timestamp", "webhook-signature")
      .chain((name) =>
        fc.constantFrom(undefined, "", " ").map((value) => ({ headers: { ...signed(body), [name]: value } })),
      );
    const cut = fc.integer({ min: 1, max: 43 }).map((by) => ({
      headers: { ...signed(body), "webhook-signature": signed(body)["webhook-signature"].slice(0, -by - 1) },
    }));
    // Signed rightly, but at another time.
    const aged = fc
      .oneof(fc.integer({ min: 302, max: 10_000 }), fc.integer({ min: -10_000, max: -302 }))
      .map((seconds) => ({ headers: signed(body, "msg_1", Date.now() - seconds * 1000) }));
    const redated = fc
      .oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: -200, max: -1 }))
      .map((by) => ({ headers: { ...signed(body), "webhook-timestamp": String(Math.floor(Date.now() / 1000) - by) } }));
    const otherBytes = fc.constantFrom(
      { body: `${body} `, isBase64Encoded: false },
      { body, isBase64Encoded: true },
      { body: Buffer.from(body).toString("base64"), isBase64Encoded: false },
      { body: undefined },
      { headers: { ...signed(body), "webhook-id": "msg_2" } },
    );
    const methods = fc
      .constantFrom("GET", "PUT", "post", "", "OPTIONS")
      .map((method) => ({ requestContext: { http: { method } } }));
    const changes = fc.oneof(flipped, relabelled, missing, cut, aged, redated, otherBytes, methods);
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const { statusCode } = await edge.postSigned(body, "msg_1", change);
        expect(statusCode).toBe("requestContext" in change ? 405 : 401);
        expect(edge.bodies).toEqual([]);
      }),
      RUNS,
    );
    expect(await edge.postSigned(body)).toMatchObject({ statusCode: 202 });
    expect(edge.takeJobs()).toHaveLength(1);
  });

  it.each([
    ["an id of 256 letters of three bytes", { conversation: "猫".repeat(256), user: { id: "犬".repeat(256) } }],
    ["a text of the most bytes", { conversation: "a", user: { id: "a" }, text: "x".repeat(200_000) }],
  ])("is carried with %s", async (_, body) => {
    for (const chatType of ["dm", "group", "thread"]) {
      hold(await edge.postSigned(JSON.stringify({ text: "hello", ...body, chatType })), 202);
    }
  });

  it("is refused when its text fits no turn, and has a name that is none cut, from telegram", async () => {
    expect(await edge.postUpdate(JSON.stringify(updateOf({ text: "x".repeat(200_001) })))).toMatchObject({
      statusCode: 400,
    });
    const from = { id: 1, is_bot: false, first_name: "x".repeat(100_000) };
    hold(await edge.postUpdate(JSON.stringify(updateOf({ from }))), 200, ([job]) =>
      expect(job?.message.user?.name).toHaveLength(256),
    );
  });

  it.each([9_007_199_254_740_991, -9_007_199_254_740_991, -1, Math.floor(Date.now() / 1000) + 3_600])(
    "counts from its receive when its date is %d, from telegram",
    async (date) => {
      hold(await edge.postUpdate(JSON.stringify(updateOf({ date }))), 200, ([job]) => {
        expect(job?.message).toMatchObject({ text: "Hello" });
        expect(job?.message.sentAt).toBeUndefined();
      });
    },
  );

  function hold(
    { statusCode, headers, body }: Awaited<ReturnType<typeof edge.postSigned>>,
    accepted: number,
    look: (jobs: readonly InboundJob[]) => void = () => undefined,
  ): void {
    expect([accepted, 400, 401, 413]).toContain(statusCode);
    for (const text of edge.bodies) expect(text).toMatch(SENDABLE);
    const jobs = edge.takeJobs();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    if (statusCode !== accepted) {
      expect(jobs).toEqual([]);
      expect(headers).toMatchObject({ "content-type": "application/problem+json" });
      expect(JSON.parse(body ?? "")).toMatchObject({ status: statusCode, detail: expect.any(String) });
      return;
    }
    for (const job of jobs) fitsTheTable(job);
    look(jobs);
  }

  function fitsTheTable({ message, platform, receivedAt, enqueueId }: InboundJob): void {
    const conversation = conversationKey(edge.config, platform, message);
    const turn = turnKey(message.sentAt ?? receivedAt, message.messageId);
    const keys = [conversationItem(conversation), firstSeenItem(conversation, message.messageId), turnItem("S", turn)];
    const { user = { id: "" } } = message;
    const scope = user.id === "" ? "" : scopeOf({ tenant: "t".repeat(32), platform, chat: message.chat, user });
    for (const { pk, sk } of [...keys, { pk: `MEMORY#${scope}`, sk: "" }]) {
      expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(PARTITION_KEY);
      expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(SORT_KEY);
    }
    const { command, text } = message;
    // A command is stored with its words, and the words once more; it has a short answer.
    const answer = command === undefined ? { reply: REPLY, memories: MEMORIES } : { command: `${command} ${text}` };
    const item = { ...turnItem("S", turn), conversation, ...message, enqueueId, ...answer };
    expect(sizeOf(item)).toBeLessThan(ITEM);
  }
});
