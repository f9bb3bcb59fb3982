import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hook } from "../../lib/domain/Hook.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { startOperation } from "../../lib/operator/operations/startOperation.ts";
import { reviveHooks } from "../../lib/operator/redrive.ts";
import { enqueueHooks } from "../../lib/queues/enqueueHooks.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { operatorTools } from "./operatorTools.ts";
import { seedLedger } from "./seedLedger.ts";

/** Dead hooks of a test: more than one transaction, and more than one batch of a bulk action. */
const MANY = 450;

describe("a bulk redrive", () => {
  let harness: GatewayHarness;
  let calls: Map<string, number>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    calls = new Map();
    for (const client of [harness.operatorTable.client, harness.operatorQueues]) {
      const send = client.send.bind(client);
      Object.assign(client, {
        send(...given: Parameters<typeof send>) {
          const { name } = given[0].constructor;
          calls.set(name, (calls.get(name) ?? 0) + 1);
          return Reflect.apply(send, client, given);
        },
      });
    }
  });
  afterEach(() => harness.stop());

  const tools = () => operatorTools(harness);

  async function seed(count: number): Promise<readonly Hook[]> {
    const seeded = await seedLedger(harness.services.table, count, harness.clock.now());
    const hooks = seeded.map(({ hook }) => hook);
    const dlqMessages = hooks.map((hook) => ({ ...jobOf(hook), deadAt: hook.deadAt ?? 0 }));
    await enqueueHooks(tools().queues.dlq, dlqMessages);
    return hooks;
  }

  it("takes a call for each ten hooks on the queue, and few others", async () => {
    await seed(MANY);
    harness.advance("1s");
    const scope = { verb: "redrive", filter: "", before: harness.clock.now() } as const;
    const { id } = await startOperation(tools(), await planOperation(tools(), scope), { who: "ann@test" });
    calls.clear();
    const done = await runOperation(tools(), id);
    expect(done).toMatchObject({ status: "done", done: MANY, left: 0, cleared: MANY });
    expect(calls.get("SendMessageBatchCommand")).toBe(MANY / 10);
    expect(calls.get("TransactWriteCommand")).toBe(MANY / 50);
    expect(calls.get("DeleteMessageBatchCommand")).toBe(MANY / 10);
    // To take it, a word for each batch of 400, the end, and to give it back.
    expect(calls.get("UpdateCommand")).toBe(5);
    expect(await hookRows(harness)).toMatchObject(Array(MANY).fill({ status: "pending", redrives: 1 }));
    expect(await harness.dlq()).toBe(0);
  });

  it("revives together what somebody else has left, and enqueues nothing else", async () => {
    const hooks = await seed(100);
    const mine = hooks.filter((_, index) => index % 10 === 0);
    await reviveHooks(tools().services, tools().queues.sessionEnd, mine);
    calls.clear();
    const revived = await reviveHooks(tools().services, tools().queues.sessionEnd, hooks);
    expect(revived).toHaveLength(90);
    // Each fifty at once: refused with its reasons, then without those that are over.
    expect(calls).toEqual(
      new Map([
        ["TransactWriteCommand", 4],
        ["SendMessageBatchCommand", 10],
      ]),
    );
    expect(await hookRows(harness)).toMatchObject(Array(100).fill({ status: "pending", redrives: 1 }));
  });

  it("revives one by one what is being written just now", async () => {
    const hooks = await seed(3);
    const { client } = harness.operatorTable;
    const { send } = client;
    Object.assign(client, {
      send(...given: Parameters<typeof send>) {
        if (given[0].constructor.name !== "TransactWriteCommand") return Reflect.apply(send, client, given);
        const CancellationReasons = [{ Code: "None" }, { Code: "TransactionConflict" }, { Code: "None" }];
        return Promise.reject(
          Object.assign(new Error("cancelled"), { name: "TransactionCanceledException", CancellationReasons }),
        );
      },
    });
    expect(await reviveHooks(tools().services, tools().queues.sessionEnd, hooks)).toHaveLength(3);
    expect(calls.get("UpdateCommand")).toBe(3);
  });
});
