import { afterEach, beforeEach, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../../lib/adapter/MemoryProvider.ts";
import { secret } from "../../../lib/adapter/options.ts";
import { webhookId } from "../../../lib/adapter/signing/postSigned.ts";
import { failureOf } from "../../../lib/adapter/testing/failureOf.ts";
import { callOf, endedSession } from "../../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../../lib/domain/json.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { startWebhookReceiver, TEST_SECRET, type WebhookReceiver } from "../../harness/webhookReceiver.ts";

const services = testServices({ HOOK: TEST_SECRET }, 5_000);

let receiver: WebhookReceiver;

let checkpoint: Json | undefined;

/** The receiver takes so many bytes of a call. */
async function startReceiver(maxBytes: number): Promise<void> {
  await receiver?.close();
  receiver = await startWebhookReceiver({ now: services.clock.now, maxBytes });
}

beforeEach(async () => {
  checkpoint = undefined;
  await startReceiver(20_000);
});

afterEach(() => receiver.close());

const deliver = (session: EndedSession, maxBytes?: string, changes: Partial<ProviderCall> = {}) => {
  const options = { url: receiver.url, secret: secret("HOOK"), ...(maxBytes === undefined ? {} : { maxBytes }) };
  const saveCheckpoint = async (value: Json) => {
    checkpoint = value;
  };
  const call = callOf(session, { checkpoint, saveCheckpoint, ...changes });
  return webhook(options).create(services).onSessionEnd(session, call);
};

const ANA = { id: "u-ana", name: "Ana" };

const BEN = { id: "u-ben", name: "Ben" };

function sessionOf(...contents: readonly string[]): EndedSession {
  const messages = contents.map((content, index) => ({
    ...({ role: "user", content, author: index % 2 === 0 ? ANA : BEN, at: 1_000 * index } as const),
  }));
  return endedSession({ messages, users: [ANA, BEN].slice(0, contents.length) });
}

/** The words that the receiver has, put together from its parts. */
function whole(): readonly string[] {
  const found: string[] = [];
  const parts = receiver.effects.toSorted((a, b) => a.body.data.part.number - b.body.data.part.number);
  for (const { body } of parts) {
    for (const { content, continued } of body.data.messages) {
      if (continued) found.push(`${found.pop()}${content}`);
      else found.push(content);
    }
  }
  return found;
}

it("[19] halves a session that the receiver answers with 413 until it fits, and every word arrives once and in order", async () => {
  const contents = ["My name is Ann", "x".repeat(150_000), "bye"];
  const receipt = await deliver(sessionOf(...contents));

  expect(whole()).toEqual(contents);
  const parts = receiver.effects.map(({ body }) => body.data.part);
  expect(parts.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(parts.map((_, index) => index + 1));
  expect(new Set(parts.map(({ of }) => of))).toEqual(new Set([parts.length]));
  expect(receiver.received.filter(({ repeated }) => repeated)).toEqual([]);
  expect(receipt.body).toContain(`${parts.length} parts`);
  expect(receipt.id).toBe(receiver.effects.at(-1)?.id);
});

it("sends a session that fits in one call, with the same id as ever and no part", async () => {
  const session = sessionOf("x".repeat(1_000));
  await deliver(session, "9KB");
  const [{ id, body } = { id: "", body: {} }] = receiver.effects;
  expect(id).toBe(webhookId(callOf(session).deliveryKey));
  expect(body.data).not.toHaveProperty("part");
  expect(checkpoint).toBeUndefined();
});

it("makes no call larger than maxBytes, and each part names its own people and the session", async () => {
  await startReceiver(8_000);
  const contents = ['"\\\n'.repeat(4_000), "กำ👩‍👩‍👧é".repeat(500), "short"];
  await deliver(sessionOf(...contents), "8KB");

  expect(whole()).toEqual(contents);
  expect(receiver.requests.length).toBe(receiver.effects.length);
  const parts = receiver.effects.map(({ body }) => body.data);
  expect(new Set(parts.map(({ part }) => part.of))).toEqual(new Set([parts.length]));
  for (const { session, users, messages } of parts) {
    expect(session).toBe(endedSession().session);
    expect(users).toEqual(messages[0].author.id === "u-ana" && messages.length === 1 ? [ANA] : expect.any(Array));
    for (const { author } of messages) expect(users).toContainEqual(author);
  }
});

it("repeats no acknowledged part on a retry, and sends the failed one under the same id", async () => {
  const session = sessionOf("x".repeat(60_000));
  receiver.passNext(2);
  receiver.failNext(1, 503);
  await failureOf(deliver(session, "18KB"));
  expect(receiver.effects).toHaveLength(2);
  const [failed] = receiver.requests.slice(2);

  await deliver(session, "18KB", { attempt: 2 });

  expect(receiver.requests[3]).toMatchObject({ body: failed?.body });
  expect(receiver.requests[3]?.headers["webhook-id"]).toBe(failed?.headers["webhook-id"]);
  expect(receiver.received.every(({ repeated }) => !repeated)).toBe(true);
  expect(whole()).toEqual(["x".repeat(60_000)]);
});

it("begins a retry after a 413 with the size that is known to fit", async () => {
  const session = sessionOf("x".repeat(100_000));
  receiver.failNext(3, 413);
  receiver.failNext(1, 503);
  await failureOf(deliver(session));
  const before = receiver.requests.length;

  await deliver(session, undefined, { attempt: 2 });

  expect(receiver.requests.length - before).toBe(receiver.effects.length);
  expect(whole()).toEqual(["x".repeat(100_000)]);
});

it("makes the same parts again when their ids are lost on the way", async () => {
  const session = sessionOf("x".repeat(40_000));
  receiver.failNext(1, "lost-ack");
  await failureOf(deliver(session, "18KB"));
  await deliver(session, "18KB", { attempt: 2 });
  expect(receiver.conflicts).toEqual([]);
  expect(receiver.received.map(({ repeated }) => repeated)).toEqual([false, true, false, false]);
  expect(whole()).toEqual(["x".repeat(40_000)]);
});

it("loses no words when those of somebody are erased between two attempts, after which the parts are others", async () => {
  const session = sessionOf("a".repeat(30_000), "b".repeat(30_000));
  receiver.passNext(2);
  receiver.failNext(1, 503);
  await failureOf(deliver(session, "18KB"));
  const [, ofBen] = session.messages;
  if (!ofBen) throw new Error("the session has no second message");
  const before = receiver.effects.length;

  await deliver({ ...session, users: [BEN], messages: [ofBen] }, "18KB", { attempt: 2 });

  expect(receiver.conflicts).toEqual([]);
  const parts = receiver.effects.slice(before).toSorted((a, b) => numberOf(a) - numberOf(b));
  const words = parts.flatMap(({ body }) => body.data.messages.map(({ content }: { content: string }) => content));
  expect(words.join("")).toBe("b".repeat(30_000));
});

const numberOf = ({ body }: WebhookReceiver["effects"][number]): number => body.data.part.number;

it("gives up a receiver that takes a part and then refuses a smaller one, and tells nothing twice under another id", async () => {
  receiver.passNext(1);
  receiver.failNext(1, 413);
  const error = await failureOf(deliver(sessionOf("x".repeat(40_000)), "18KB"));
  expect(error).toMatchObject({ kind: "invalid", status: 413 });
  expect(receiver.requests).toHaveLength(2);
});

it("begins anew with parts of their own ids when a later attempt has a smaller maxBytes", async () => {
  const session = sessionOf("x".repeat(40_000));
  receiver.passNext(1);
  receiver.failNext(1, 413);
  await failureOf(deliver(session, "18KB"));
  const before = receiver.effects.length;
  await deliver(session, "16KB", { attempt: 2 });
  const parts = receiver.effects.slice(before).map(({ body }) => body.data.part);
  expect(parts.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(parts.map((_, index) => index + 1));
  expect(receiver.conflicts).toEqual([]);
});

it("gives up a receiver that does not even take the least, and keeps its answer", async () => {
  await startReceiver(5_000);
  const error = await failureOf(deliver(sessionOf("x".repeat(40_000))));
  expect(error).toMatchObject({ kind: "invalid", retry: false, status: 413 });
});

it.each(["1 MB", "1mb", "100B", "7999B", "1GB", 100_000])(
  "W13 refuses maxBytes %j, and says what is allowed",
  (maxBytes) => {
    const options = { url: "https://example.com", secret: secret("HOOK"), maxBytes };
    // @ts-expect-error some are wrong by their type
    expect(webhook(options).problems()).toMatchObject([
      { path: ["maxBytes"], message: 'a size such as "100KB" or "1MB", from 8KB to 100MB' },
    ]);
  },
);
