import { afterEach, beforeEach, expect, it } from "vitest";
import { secret } from "../../../../lib/adapter/options.ts";
import { failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { callOf, endedSession } from "../../../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { webhook } from "../../../../lib/memory/webhook/webhook.ts";
import { startWebhookReceiver, TEST_SECRET, type WebhookReceiver } from "../../../harness/webhookReceiver.ts";

const services = testServices({ HOOK: TEST_SECRET, BAD: "hunter2" }, 5_000);

let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await startWebhookReceiver({ now: services.clock.now });
});

afterEach(() => receiver.close());

const provider = (options: { timeout?: string; bad?: boolean } = {}) => {
  const { timeout, bad } = options;
  const of = { url: receiver.url, secret: secret(bad ? "BAD" : "HOOK"), ...(timeout === undefined ? {} : { timeout }) };
  return webhook(of).create(services);
};

it("L9 posts the session whole, and keeps the acknowledgement", async () => {
  const session = endedSession();
  const receipt = await provider().onSessionEnd(session, callOf(session));
  expect(receiver.effects[0]?.body).toEqual({
    type: "session.ended",
    timestamp: "2026-03-01T13:00:00.000Z",
    data: {
      session: "01JNB0Z8E8M3T2V6Q4W9R7K5XA",
      conversation: "http/dm/c-1",
      platform: "http",
      chat: { id: "c-1", type: "dm" },
      users: [{ id: "u-ana", name: "Ana" }],
      reason: "idle",
      startedAt: "2026-03-01T12:00:00.000Z",
      endedAt: "2026-03-01T13:00:00.000Z",
      turns: 1,
      messages: [
        {
          role: "user",
          content: "My name is Ana and I live in Lisbon.",
          author: { id: "u-ana", name: "Ana" },
          at: "2026-03-01T12:00:00.000Z",
        },
        { role: "assistant", content: "Nice to meet you!", at: "2026-03-01T12:00:01.000Z" },
      ],
    },
  });
  expect(receipt).toEqual({ id: receiver.effects[0]?.id, status: 200, body: '{"accepted":true}' });
  expect(receipt.id).toMatch(/^msg_[0-9a-f]{32}$/);
});

it("D4 makes an attempt a day later with the same id and body, and a fresh signature", async () => {
  const session = endedSession();
  const start = services.clock.now();
  await provider().onSessionEnd(session, callOf(session));
  services.clock.set(start + 86_400_000);
  await provider().onSessionEnd(session, callOf(session, { attempt: 9 }));
  expect(receiver.received.map(({ repeated }) => repeated)).toEqual([false, true]);
  expect(receiver.conflicts).toEqual([]);
  const [first, second] = receiver.requests.map(({ headers }) => headers["webhook-signature"]);
  expect(second).not.toBe(first);
});

it("T16 T17 neither caps nor cuts a long transcript", async () => {
  const [message] = endedSession().messages;
  if (!message) throw new Error("the sample session has no message");
  const messages = Array.from({ length: 500 }, (_, i) => ({ ...message, content: `${i} ${"x".repeat(5_000)}` }));
  const session = endedSession({ messages });
  await provider().onSessionEnd(session, callOf(session));
  const posted: { content: string }[] = receiver.effects[0]?.body.data.messages;
  expect(posted.map(({ content }) => content)).toEqual(messages.map(({ content }) => content));
});

it.each([410, 404])("takes %i for a receiver that is gone, and does not retry", async (status) => {
  receiver.failNext(1, status);
  const session = endedSession();
  const error = await failureOf(provider().onSessionEnd(session, callOf(session)));
  expect(error).toMatchObject({ kind: "gone", retry: false, status });
});

it("P12 keeps the head of a refusal's body for the ledger, and leaves it out of the message", async () => {
  receiver.failNext(1, 422);
  const session = endedSession();
  const error = await failureOf(provider().onSessionEnd(session, callOf(session)));
  expect(error).toMatchObject({ kind: "invalid", body: "scripted 422" });
  expect(error.message).not.toContain("scripted");
});

it("says what to do about a redirect", async () => {
  receiver.failNext(1, 302, { location: "http://169.254.169.254/" });
  const session = endedSession();
  const error = await failureOf(provider().onSessionEnd(session, callOf(session)));
  expect(error.message).toContain("configure the final address");
});

it("B8 shortens the config's timeout by its own, and does not lengthen it", async () => {
  receiver.setMode("hang");
  const session = endedSession();
  for (const [timeout, limit] of [
    ["100ms", 5_000],
    ["1m", 100],
  ] as const) {
    const start = performance.now();
    const error = await failureOf(provider({ timeout }).onSessionEnd(session, callOf(session, { timeout: limit })));
    expect(error.kind).toBe("timeout");
    expect(performance.now() - start).toBeLessThan(1_000);
  }
});

it("sends nothing with a secret of the wrong form, and waits for the operator", async () => {
  const session = endedSession();
  const error = await failureOf(provider({ bad: true }).onSessionEnd(session, callOf(session)));
  expect(error).toMatchObject({ kind: "auth", retry: false, outcome: "not-sent" });
  expect(error.message).not.toContain("hunter2");
  expect(receiver.requests).toEqual([]);
});

it("L8 does not dress a bug up as a delivery error", async () => {
  const broken = { ...services, http: { send: () => Promise.reject(new TypeError("x is not a function")) } };
  const session = endedSession();
  const { onSessionEnd } = webhook({ url: receiver.url, secret: secret("HOOK") }).create(broken);
  await expect(onSessionEnd(session, callOf(session))).rejects.toBeInstanceOf(TypeError);
});

it.each([
  [{ timeout: "0s" }, "timeout"],
  [{ timeout: 5_000 }, "timeout"],
  [{ url: "example.com" }, "url"],
  [{ retries: 3 }, "retries"],
])("W13 refuses the options %j", (changes, path) => {
  const options = { url: "https://example.com", secret: secret("HOOK"), ...changes };
  // @ts-expect-error wrong on purpose
  expect(webhook(options).problems()).toMatchObject([{ path: [path] }]);
});
