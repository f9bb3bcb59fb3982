import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

let harness: GatewayHarness;

beforeEach(async () => {
  harness = await startGatewayHarness();
});

afterEach(() => harness.stop());

/** The most that it may take, milliseconds; to wait for hidden messages once would take 30 s. */
const PROMPT = 5_000;

it("ends a redrive promptly on a dead-letter queue of foreign messages alone, and leaves them visible", async () => {
  harness.provider.setMode(401);
  await harness.chat("hello");
  await harness.chat("/reset");
  harness.provider.setMode("ok");
  const QueueUrl = harness.wiring.queues.sessionEndDead;
  const client = harness.operatorQueues;
  // Somebody has taken the hook's own message away, and put others there.
  const { Messages: [own] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: own?.ReceiptHandle }));
  const bodies = Array.from({ length: 8 }, (_, number) => (number % 2 ? `foreign ${number}` : `{"foreign":${number}}`));
  for (const MessageBody of bodies) {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "foreign" }));
  }

  // Those that were seen are visible again before the next receive, so that there is always something to receive.
  const done = beforeReceives(client, () => harness.advance("31s"));
  const started = performance.now();
  expect(await harness.redrive(await harness.deadHooks())).toBe(1);
  expect(performance.now() - started).toBeLessThan(PROMPT);

  done();
  const seen: string[] = [];
  for (let round = 0; round < 10; round++) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    seen.push(...Messages.map(({ Body = "" }) => Body));
  }
  expect(seen.toSorted()).toEqual(bodies.toSorted());
  await harness.settle();
  expect(harness.delivered()).toHaveLength(1);
});

it("L12 keeps the DLQ message of a hook's later death when it dies again before its redrive has cleared the queue", async () => {
  harness.provider.setMode(401);
  await harness.chat("hello");
  await harness.chat("/reset");
  harness.advance("1h");
  const client = harness.operatorQueues;
  let works = false;
  // Its job is worked between the redrive's enqueueing and its clearing.
  beforeReceives(client, async () => {
    if (works) return;
    works = true;
    await harness.settle();
  });

  expect(await harness.redrive(await harness.deadHooks())).toBe(1);

  const dead = await harness.deadHooks();
  expect(dead).toMatchObject([{ redrives: 1 }]);
  expect(await harness.dlq()).toBe(1);
  harness.advance("31s");
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: harness.wiring.queues.sessionEndDead }),
  );
  expect(Messages.map(({ Body = "" }) => JSON.parse(Body))).toMatchObject([{ deadAt: dead[0]?.deadAt }]);
});

it("L12 takes away what a stopped redrive left on the dead-letter queue, by the next redrive, with no hook dead", async () => {
  harness.provider.setMode(401);
  await harness.chat("hello");
  await harness.chat("/reset");
  harness.provider.setMode("ok");
  const dead = await harness.deadHooks();
  const mend = beforeReceives(harness.operatorQueues, () => Promise.reject(new Error("stopped")));
  await expect(harness.redrive(dead)).rejects.toThrow("stopped");
  mend();
  await harness.settle();
  expect(harness.delivered()).toHaveLength(1);
  expect(await harness.deadHooks()).toEqual([]);
  expect(await harness.dlq()).toBe(1);

  expect(await harness.redrive([])).toBe(0);
  expect(await harness.dlq()).toBe(0);
});

/** That is done before each request of the client for messages, until the answer is called. */
function beforeReceives(client: SQSClient, act: () => unknown): () => void {
  const { send } = client;
  Object.assign(client, {
    send: async (command: object) => {
      if (command instanceof ReceiveMessageCommand) await act();
      return Reflect.apply(send, client, [command]);
    },
  });
  return () => void Object.assign(client, { send });
}
