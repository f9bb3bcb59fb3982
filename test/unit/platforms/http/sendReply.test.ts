import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { http } from "../../../../lib/platforms/http/http.ts";
import { startWebhookReceiver, TEST_SECRET, type WebhookReceiver } from "../../../harness/webhookReceiver.ts";

const NEW_SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

const services = testServices({ OLD: TEST_SECRET, NEW: NEW_SECRET, BAD: "hunter2" });

const platform = http({ secret: secret("OLD") }).create(services);

describe("http, sending replies,", () => {
  let program: WebhookReceiver;
  beforeEach(async () => {
    program = await startWebhookReceiver();
  });
  afterEach(() => program.close());

  const chunk = {
    text: "Hi",
    index: 0,
    replyTo: "c-1",
    key: "k-1",
    session: "s-1",
    conversation: "http/dm/c-1",
    isLast: true,
    inReplyTo: "msg_1",
  };
  const replying = () => http({ secret: secret("OLD"), replyUrl: program.url }).create(services);

  it("sends the sender's own conversation, and the same id on each attempt", async () => {
    program.failNext(1, "lost-ack");
    await expect(replying().send(chunk)).rejects.toMatchObject({ outcome: "unknown" });
    await replying().send(chunk);
    await replying().send({ ...chunk, key: "k-2" });
    expect(program.received.map(({ repeated }) => repeated)).toEqual([false, true, false]);
    expect(program.effects[0]?.body).toEqual({
      conversation: "c-1",
      session: "s-1",
      text: "Hi",
      inReplyTo: "msg_1",
      isLast: true,
    });
    expect(program.conflicts).toEqual([]);
  });

  it("sends nothing without an address", async () => {
    await platform.send(chunk);
    expect(program.requests).toEqual([]);
  });

  it("splits no reply", () => {
    expect(platform.render("word ".repeat(10_000))).toHaveLength(1);
  });
});
