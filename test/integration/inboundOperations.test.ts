import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditEntrySchema } from "../../lib/operator/audit.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { cancelOperation } from "../../lib/operator/operations/cancelOperation.ts";
import { findOperation, type Operation, type Scope } from "../../lib/operator/operations/Operation.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { type Start, startOperation } from "../../lib/operator/operations/startOperation.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";
import { operatorTools } from "./operatorTools.ts";

describe("a bulk action on messages that were not answered", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  const tools = () => operatorTools(harness);
  const scope = (filter = "", verb: Scope["verb"] = "redrive-inbound"): Scope => ({
    ...{ verb, filter, before: harness.clock.now() },
  });
  async function start(filter = "", how: Partial<Start> = {}, verb?: Scope["verb"]): Promise<Operation> {
    return startOperation(tools(), await planOperation(tools(), scope(filter, verb)), { who: "ann@test", ...how });
  }
  const dead = () => queueDepth(harness, harness.wiring.queues.inboundDead);
  const replies = () => harness.replies.effects.map(({ body }) => body.text);

  /** Messages that were given up. */
  async function giveUp(...said: readonly (readonly [text: string, user: string])[]): Promise<void> {
    const { inbound, inboundDead } = harness.wiring.queues;
    const client = harness.operatorQueues;
    for (const [text, user] of said) {
      harness.advance("1s");
      await harness.say(text, { conversation: user, user: { id: user } });
      const { Messages: [message] = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: inbound, MessageSystemAttributeNames: ["MessageGroupId"] }),
      );
      await client.send(
        new SendMessageCommand({
          ...{ QueueUrl: inboundDead, MessageBody: message?.Body, MessageDeduplicationId: message?.MessageId },
          MessageGroupId: message?.Attributes?.MessageGroupId,
        }),
      );
      await client.send(new DeleteMessageCommand({ QueueUrl: inbound, ReceiptHandle: message?.ReceiptHandle }));
    }
  }

  it("is planned by the filter's grammar, says what hides behind the first ten, and changes nothing", async () => {
    const many = Array.from({ length: 12 }, (_, index) => [`m${index}`, "ann"] as const);
    await giveUp(...many, ["hello", "bob"]);
    expect(await planOperation(tools(), scope())).toMatchObject({ count: 11, hidden: 2, platforms: { http: 11 } });
    expect(await planOperation(tools(), scope("user:bob"))).toMatchObject({ count: 1, hidden: 0 });
    expect(await planOperation(tools(), scope("conversation:bob age:<1h"))).toMatchObject({ count: 1 });
    await expect(planOperation(tools(), scope("kind:auth"))).rejects.toThrow('unknown field "kind" of messages');
    expect(await dead()).toBe(13);
    const { id } = await start();
    expect(await runOperation(tools(), id)).toMatchObject({ status: "done", done: 13, count: 13 });
    await harness.settle();
    expect(replies().filter((text) => text !== "You said: hello")).toEqual(many.map(([text]) => `You said: ${text}`));
  });

  it("has done with the last message before it looks for another, however soon the answer to that comes", async () => {
    await giveUp(["one", "ann"], ["two", "bob"]);
    const { id } = await start();
    harness.operatorQueues.middlewareStack.add(
      (next) => (args) => {
        if ("WaitTimeSeconds" in args.input) Object.assign(args.input, { WaitTimeSeconds: 0 });
        return next(args);
      },
      { step: "initialize" },
    );
    expect(await runOperation(tools(), id)).toMatchObject({ status: "done", done: 2, count: 2 });
    expect(await dead()).toBe(0);
  });

  it("moves back no more a second than it may, and stops when it is cancelled", async () => {
    await giveUp(["one", "a"], ["two", "b"], ["three", "c"]);
    const operation = await start("", { rate: 1 });
    const stopped = await runOperation(tools(), operation.id, {
      onProgress: ({ done, status }) => {
        if (done === 1 && status === "running") void cancelOperation(tools(), operation, "bob@test");
      },
    });
    expect(stopped.status).toBe("cancelled");
    expect(stopped.done).toBeLessThan(3);
    expect(await dead()).toBe(3 - stopped.done);
  });

  it("is resumed by beginning anew, as what was moved is off the queue: each is answered once", async () => {
    await giveUp(["one", "a"], ["two", "b"], ["three", "c"]);
    const { id } = await start("", { rate: 1 });
    const gone = Promise.withResolvers<void>();
    void runOperation(tools(), id, {
      onProgress: () => {
        gone.resolve();
        throw new Error("killed");
      },
    }).catch(() => {});
    await gone.promise;
    await harness.settle();
    harness.advance("61s");
    expect(await runOperation(tools(), id)).toMatchObject({ status: "done", done: 3 });
    await harness.settle();
    expect(replies().toSorted()).toEqual(["You said: one", "You said: three", "You said: two"]);
    expect(await dead()).toBe(0);
  });

  it("leaves for another plan what dies long after its own", async () => {
    await giveUp(["old", "a"]);
    const { id } = await start();
    harness.advance("30m");
    await giveUp(["new", "b"]);
    expect(await runOperation(tools(), id)).toMatchObject({ status: "done", done: 1 });
    expect(await dead()).toBe(1);
  });

  it("knows no canary, discards with a reason alone, and keeps no user's id when it is over", async () => {
    await giveUp(["one", "ann"], ["two", "bob"]);
    await expect(start("", { canary: 1 })).rejects.toThrow("messages have no canary");
    await expect(start("", {}, "discard-inbound")).rejects.toThrow("takes a reason");
    const { id } = await start("user:bob platform:http", { why: "spam" }, "discard-inbound");
    expect((await findOperation(tools().services, id)).filter).toBe("user:bob platform:http");
    expect(await runOperation(tools(), id)).toMatchObject({ status: "done", done: 1, filter: "user:… platform:http" });
    expect(await dead()).toBe(1);
    const { records } = await listRecords(tools().services, "AUDIT", auditEntrySchema, { limit: 10 });
    expect(records).toMatchObject([{ action: "inbound discard", target: "user:… platform:http", why: "spam" }]);
  });
});
