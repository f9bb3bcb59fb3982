import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listHooks } from "../../lib/operator/listHooks.ts";
import { planRedrive, redrive } from "../../lib/operator/redrive.ts";
import { hookView } from "../../lib/operator/views.ts";
import { SHARDS } from "../../lib/store/dueIndex.ts";
import { hookItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { seedLedger } from "./seedLedger.ts";

describe("an operator of hooks", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  const list = async (filter: Partial<Parameters<typeof listHooks>[1]> = {}) =>
    (await listHooks(harness.services, { limit: 20, ...filter })).hooks.map(hookView);

  it("L7 L10 L16 sees every state with its last error, next attempt or receipt, newest first", async () => {
    const one = await end("one");
    harness.provider.failNext(1, 401);
    const dead = await end("two");
    await harness.chat("/memory off", { conversation: "three" });
    const skipped = await end("three");
    harness.provider.failNext(1, 503);
    const pending = await end("four");

    const all = await list({ provider: "crm" });
    expect(all.map(({ session, status }) => [session, status])).toEqual([
      [pending, "pending"],
      [skipped, "skipped"],
      [dead, "dead"],
      [one, "delivered"],
    ]);
    expect(all[0]).toEqual({
      ...{ session: pending, provider: "crm", status: "pending", attempts: 1, acceptedAt: null, receipt: null },
      lastError: {
        ...{ kind: "transient", status: 503, message: expect.stringContaining("503") },
        ...{ group: expect.stringMatching(/^[0-9a-f]{8}$/), at: expect.any(String) },
      },
      nextAttemptAt: expect.stringMatching(/^2026-03-02T10:/),
    });
    expect(all[2]).toMatchObject({ lastError: { kind: "auth", status: 401 }, nextAttemptAt: null });
    expect(all[3]).toMatchObject({ lastError: null, receipt: { status: 200 } });

    expect(await list({ status: "dead" })).toHaveLength(1);
    expect(await list({ status: "pending" })).toHaveLength(1);
    expect(await list({ status: "skipped" })).toHaveLength(2);
    expect((await list({ status: "delivered", provider: "builtin" })).map(({ session }) => session)).toEqual([
      pending,
      dead,
      one,
    ]);
    expect(await list({ status: "dead", provider: "builtin" })).toEqual([]);
    expect(await list({ limit: 3 })).toHaveLength(3);
  });

  it("reads a page of all hooks with one look at each part of the index and one at each session of the page", async () => {
    await seedLedger(harness.services.table, 300, harness.clock.now(), () => ({ status: "delivered" }));
    const { client } = harness.services.table;
    const send = client.send.bind(client);
    let calls = 0;
    Object.assign(client, {
      send(...given: Parameters<typeof send>) {
        calls++;
        return Reflect.apply(send, client, given);
      },
    });
    expect((await listHooks(harness.services, { limit: 50 })).hooks).toHaveLength(50);
    expect(calls).toBe(SHARDS + 50);
  });

  it("gets a plan first, with how many, since when and whose, and the plan changes nothing", async () => {
    harness.provider.setMode(401);
    const first = await end("one");
    await end("two");
    expect(await planRedrive(harness.services, {})).toMatchObject({
      count: 2,
      oldest: Date.parse("2026-03-02T10:00:00Z"),
      newest: Date.parse("2026-03-02T10:01:00Z"),
      providers: { crm: 2 },
    });
    expect(await planRedrive(harness.services, { session: first })).toMatchObject({ count: 1 });
    expect(await planRedrive(harness.services, { provider: "builtin" })).toMatchObject({
      ...{ count: 0, hooks: [], providers: {} },
      ...{ oldest: undefined, newest: undefined },
    });
    expect(await list({ status: "dead" })).toHaveLength(2);
    expect(await harness.dlq()).toBe(2);
  });

  it("L10 D8 redrives once when two redrives race: one revives, the provider gets the session once, only its DLQ message is cleared", async () => {
    harness.provider.setMode(401);
    const mine = await end("one");
    const other = await end("two");
    harness.provider.setMode("ok");
    const plans = await Promise.all([1, 2].map(() => planRedrive(harness.services, { session: mine })));

    const results = await Promise.all(plans.map((plan) => redrive(harness.services, queues(), plan)));
    expect(results.map(({ revived }) => revived.length).toSorted()).toEqual([0, 1]);
    expect(results.map(({ notRevived }) => notRevived.length).toSorted()).toEqual([0, 1]);
    await harness.settle();

    expect(harness.provider.received.map(({ body }) => body.data.session)).toEqual([mine]);
    expect(await list({ provider: "crm" })).toMatchObject([
      { session: other, status: "dead" },
      { session: mine, status: "delivered" },
    ]);
    expect(await harness.dlq()).toBe(1);

    const late = await redrive(harness.services, queues(), plans[0] ?? { hooks: [] });
    expect(late).toMatchObject({ revived: [], notRevived: [{ session: mine }] });
    await harness.settle();
    expect(harness.provider.received).toHaveLength(1);
  });

  it("redrives one provider's hooks alone in bulk, more than one batch of them", async () => {
    harness.deploy({ hooks: { retry: ["1s"] } });
    harness.provider.setMode(401);
    for (let number = 0; number < 12; number++) await end(`chat-${number}`);
    harness.provider.setMode("ok");
    const result = await redrive(harness.services, queues(), await planRedrive(harness.services, { provider: "crm" }));
    expect(result.revived).toHaveLength(12);
    await harness.settle();
    expect(new Set(harness.delivered().map(({ session }) => session)).size).toBe(12);
    expect(await harness.dlq()).toBe(0);
    expect(await list({ status: "delivered", provider: "crm", limit: 100 })).toHaveLength(12);
  });

  it("T15 is told of a row that can't be read, which is left as it is, and the others are listed and redriven", async () => {
    harness.provider.setMode(401);
    const sessions: string[] = [];
    for (const chat of ["one", "two", "three"]) sessions.push(await end(chat));
    harness.provider.setMode("ok");
    const [newer = "", spoiled = "", good = ""] = sessions;
    await change(newer, "crm", { v: 2 });
    await change(spoiled, "crm", { attempts: "?" });
    await change(good, "builtin", { receipt: 7 });

    const unread = [
      { ...hookItem(newer, "crm"), why: "newer version" },
      { ...hookItem(spoiled, "crm"), why: expect.stringContaining("attempts must be number") },
    ];
    const listed = await listHooks(harness.services, { limit: 20, provider: "crm" });
    expect(listed.hooks).toMatchObject([{ session: good, status: "dead" }]);
    expect(listed.unread).toHaveLength(2);
    expect(listed.unread).toEqual(expect.arrayContaining(unread));
    // In the index, in their sessions, and once.
    expect((await listHooks(harness.services, { limit: 20 })).unread).toHaveLength(3);
    expect((await listHooks(harness.services, { limit: 20, status: "dead" })).unread).toHaveLength(2);

    const plan = await planRedrive(harness.services, {});
    expect(plan).toMatchObject({ count: 1, hooks: [{ session: good }] });
    expect(plan.unread).toEqual(expect.arrayContaining(unread));
    expect(await planRedrive(harness.services, { session: newer })).toMatchObject({ count: 0, unread: [unread[0]] });
    expect(await planRedrive(harness.services, { session: good, provider: "crm" })).toMatchObject({ unread: [] });
    expect(await redrive(harness.services, queues(), plan)).toMatchObject({ revived: [{ session: good }], cleared: 1 });
    expect(await harness.dlq()).toBe(2);
  });

  /** Spoils a hook's row. */
  async function change(session: string, provider: string, changes: object): Promise<void> {
    const { client, name } = harness.operatorTable;
    const key = hookItem(session, provider);
    const { Item } = await client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }));
    await client.send(new PutCommand({ TableName: name, Item: { ...Item, ...changes } }));
  }

  function queues() {
    const { sessionEnd, sessionEndDead } = harness.wiring.queues;
    return {
      sessionEnd: new Map([["crm", { client: harness.operatorQueues, url: sessionEnd.crm }]]),
      dlq: { client: harness.operatorQueues, url: sessionEndDead },
    };
  }

  /** A session of one turn, ended; a minute later. Answers its id. */
  async function end(conversation: string): Promise<string> {
    await harness.chat("hello", { conversation });
    await harness.say("/reset", { conversation });
    await harness.settle();
    const { hooks } = await listHooks(harness.services, { limit: 1, provider: "builtin" });
    harness.advance("1m");
    return hooks[0]?.session ?? "";
  }
});
