import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHandler } from "../../functions/webhook.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, queueDepth } from "../harness/rows.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";

describe("the webhook function", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("T4 L26 answers 202 only when the message is on the queue, where it survives everything", async () => {
    expect(await harness.say("hello")).toEqual({ statusCode: 202 });
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(1);

    harness.deploy();
    harness.advance("3d");
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
  });

  it("answers 400 with the field that is wrong", async () => {
    expect(problem(await harness.say("   "))).toMatchObject({ status: 400, field: "text" });
    expect(problem(await harness.say("hello", { conversation: "" }))).toMatchObject({
      status: 400,
      field: "conversation",
    });
    expect(problem(await harness.say("hello", { sentAt: Date.now() / 1000 }))).toMatchObject({
      status: 400,
      field: "sentAt",
    });
    const other = { chatTyp: "group" } as object;
    expect(problem(await harness.say("hello", other))).toMatchObject({ status: 400, field: "chatTyp" });
    expect(problem(await harness.say("hello", { user: { id: "" } }))).toMatchObject({ status: 400, field: "user.id" });
    await nothingHasChanged();
  });

  it("answers 401 to a signature that is missing, wrong or old", async () => {
    const body = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text: "hello" });
    const time = String(Date.now() / 1000);
    const forged = { "webhook-id": "x", "webhook-timestamp": time, "webhook-signature": "v1,AAAA" };
    expect(problem(await harness.post("http", body, {}))).toMatchObject({ status: 401 });
    expect(problem(await harness.post("http", body, forged))).toMatchObject({ status: 401 });
    expect(problem(await harness.post("telegram", JSON.stringify(updateOf()), {}))).toMatchObject({ status: 401 });
    await nothingHasChanged();
  });

  it("answers 404 to a platform that is not configured, and 413 to a body that is too large", async () => {
    expect(problem(await harness.post("slack", "{}", {}))).toMatchObject({ status: 404 });
    expect(problem(await harness.post("__proto__", "{}", {}))).toMatchObject({ status: 404 });
    expect(problem(await harness.post("http", "x".repeat(3_200_000), {}))).toMatchObject({ status: 413 });
    await nothingHasChanged();
  });

  it("answers 400 to what is not JSON, although it is signed", async () => {
    expect(problem(await harness.post("telegram", "{", SECRET_HEADERS))).toMatchObject({ status: 400 });
    expect(problem(await harness.post("telegram", "{}", SECRET_HEADERS))).toMatchObject({
      status: 400,
      field: "update_id",
    });
    await nothingHasChanged();
  });

  it("T4 answers 5xx when the queue does not take the message, so that the platform sends again", async () => {
    const inbound = { client: harness.operatorQueues, url: `${harness.wiring.queues.inbound}-is-gone` };
    const handler = createHandler(() => ({ services: harness.services, inbound: sqsBatch(inbound) })) as unknown as (
      event: object,
    ) => Promise<{ statusCode: number; headers: object }>;
    const answer = await handler({
      pathParameters: { platform: "telegram" },
      headers: SECRET_HEADERS,
      body: JSON.stringify(updateOf()),
      requestContext: { http: { method: "POST" } },
    });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
    expect(harness.logged).toContainEqual(expect.objectContaining({ event: "webhook.failed" }));
    await nothingHasChanged();
    expect(await harness.post("telegram", JSON.stringify(updateOf()), SECRET_HEADERS)).toMatchObject({
      statusCode: 200,
    });
    await harness.settle();
    expect(harness.bot.sent).toHaveLength(1);
  });

  function problem({ statusCode, headers, body }: Awaited<ReturnType<GatewayHarness["say"]>>) {
    expect(headers).toMatchObject({ "content-type": "application/problem+json" });
    const parsed = JSON.parse(body ?? "");
    expect(parsed.status).toBe(statusCode);
    expect(parsed.detail).toEqual(expect.any(String));
    return parsed;
  }

  async function nothingHasChanged(): Promise<void> {
    expect(await queueDepth(harness, harness.wiring.queues.inbound)).toBe(0);
    expect(await allRows(harness)).toEqual([]);
  }
});
