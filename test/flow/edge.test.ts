import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHandler } from "../../functions/webhook.ts";
import { allRows, queueDepth } from "../world/rows.ts";
import { SECRET_HEADERS, updateOf } from "../world/telegram.ts";
import { startWorld, type World } from "../world/World.ts";

describe("the edge answers", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("T4 L26 202 only when the message is on the queue, where it survives everything", async () => {
    expect(await world.say("hello")).toEqual({ statusCode: 202 });
    expect(await queueDepth(world, world.wiring.queues.inbound)).toBe(1);

    world.deploy();
    world.advance("3d");
    await world.settle();
    expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: hello"]);
  });

  it("400 with the field that is wrong", async () => {
    expect(problem(await world.say("   "))).toMatchObject({ status: 400, field: "text" });
    expect(problem(await world.say("hello", { conversation: "" }))).toMatchObject({
      status: 400,
      field: "conversation",
    });
    expect(problem(await world.say("hello", { sentAt: Date.now() / 1000 }))).toMatchObject({
      status: 400,
      field: "sentAt",
    });
    const other = { chatTyp: "group" } as object;
    expect(problem(await world.say("hello", other))).toMatchObject({ status: 400, field: "chatTyp" });
    expect(problem(await world.say("hello", { user: { id: "" } }))).toMatchObject({ status: 400, field: "user.id" });
    await nothingHasChanged();
  });

  it("401 to a signature that is missing, wrong or old", async () => {
    const body = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text: "hello" });
    const time = String(Date.now() / 1000);
    const forged = { "webhook-id": "x", "webhook-timestamp": time, "webhook-signature": "v1,AAAA" };
    expect(problem(await world.post("http", body, {}))).toMatchObject({ status: 401 });
    expect(problem(await world.post("http", body, forged))).toMatchObject({ status: 401 });
    expect(problem(await world.post("telegram", JSON.stringify(updateOf()), {}))).toMatchObject({ status: 401 });
    await nothingHasChanged();
  });

  it("404 to a platform that is not configured, 413 to a body that is too large", async () => {
    expect(problem(await world.post("slack", "{}", {}))).toMatchObject({ status: 404 });
    expect(problem(await world.post("__proto__", "{}", {}))).toMatchObject({ status: 404 });
    expect(problem(await world.post("http", "x".repeat(300_000), {}))).toMatchObject({ status: 413 });
    await nothingHasChanged();
  });

  it("400 to what is not JSON, although it is signed", async () => {
    expect(problem(await world.post("telegram", "{", SECRET_HEADERS))).toMatchObject({ status: 400 });
    expect(problem(await world.post("telegram", "{}", SECRET_HEADERS))).toMatchObject({
      status: 400,
      field: "update_id",
    });
    await nothingHasChanged();
  });

  it("T4 5xx when the queue does not take it, so that the platform sends again", async () => {
    const inbound = { client: world.operatorQueues, url: `${world.wiring.queues.inbound}-is-gone` };
    const handler = createHandler(() => ({ services: world.services, inbound })) as unknown as (
      event: object,
    ) => Promise<{ statusCode: number; headers: object }>;
    const answer = await handler({
      pathParameters: { platform: "telegram" },
      headers: SECRET_HEADERS,
      body: JSON.stringify(updateOf()),
      requestContext: { http: { method: "POST" } },
    });

    expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
    expect(world.logged).toContainEqual(expect.objectContaining({ event: "webhook.failed" }));
    await nothingHasChanged();
    expect(await world.post("telegram", JSON.stringify(updateOf()), SECRET_HEADERS)).toMatchObject({ statusCode: 200 });
    await world.settle();
    expect(world.bot.sent).toHaveLength(1);
  });

  function problem({ statusCode, headers, body }: Awaited<ReturnType<World["say"]>>) {
    expect(headers).toMatchObject({ "content-type": "application/problem+json" });
    const parsed = JSON.parse(body ?? "");
    expect(parsed.status).toBe(statusCode);
    expect(parsed.detail).toEqual(expect.any(String));
    return parsed;
  }

  async function nothingHasChanged(): Promise<void> {
    expect(await queueDepth(world, world.wiring.queues.inbound)).toBe(0);
    expect(await allRows(world)).toEqual([]);
  }
});
