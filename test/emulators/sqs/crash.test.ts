import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { QueueFile } from "../../../emulators/sqs/QueueFile.ts";
import { sqsClient } from "./sqsBench.ts";

const ROUNDS = 6;

const GROUPS = ["a", "b", "c"];

const QUEUE = "http://127.0.0.1/000000000000/q.fifo";

/** What clients know: bodies whose send, receive or delete was asked for or acknowledged. */
interface Known {
  asked: Set<string>;
  accepted: Set<string>;
  deleting: Set<string>;
  deleted: Set<string>;
  receives: Map<string, number>;
}

it("survives SIGKILL at any moment: nothing acknowledged is lost, nothing deleted comes back, nothing is doubled", async () => {
  const path = await mkdtemp(join(tmpdir(), "sqs-crash-"));
  const known: Known = {
    asked: new Set(),
    accepted: new Set(),
    deleting: new Set(),
    deleted: new Set(),
    receives: new Map(),
  };
  onTestFinished(() => rm(path, { recursive: true }));

  for (let round = 0; round < ROUNDS; round++) {
    const { child, client } = await start(path);
    await prepare(client);
    const alive = { yes: true };
    const senders = GROUPS.map((group) => send(client, group, round, known, alive));
    const consumers = [1, 2].map(() => consume(client, known, alive));
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 250));
    child.kill("SIGKILL");
    await once(child, "exit");
    alive.yes = false;
    await Promise.all([...senders, ...consumers]);
    client.destroy();
  }

  const file = new QueueFile(path);
  const stored = file.load().flatMap(({ name, messages }) => messages.map(({ message }) => ({ ...message, name })));
  file.close();
  const bodies = stored.map(({ body }) => body);
  expect(known.accepted.size).toBeGreaterThan(ROUNDS * 5);
  expect(known.deleted.size).toBeGreaterThan(ROUNDS);
  // Each accepted message is there once, in one queue, unless its deletion was asked for.
  expect([...known.accepted].filter((body) => !known.deleting.has(body) && !bodies.includes(body))).toEqual([]);
  expect(bodies.filter((body) => known.deleted.has(body))).toEqual([]);
  expect(bodies.filter((body) => !known.asked.has(body))).toEqual([]);
  expect(bodies.length).toBe(new Set(bodies).size);
  for (const { body, approximateReceiveCount } of stored) {
    expect(approximateReceiveCount).toBeGreaterThanOrEqual(known.receives.get(body) ?? 0);
  }
  for (const group of GROUPS) {
    const mine = stored.filter((message) => message.messageGroupId === group && message.name === "q.fifo");
    const numbers = mine.map(({ sequenceNumber }) => sequenceNumber ?? "");
    expect(numbers).toEqual([...numbers].sort());
  }
  expect(stored.some(({ name }) => name === "dlq.fifo")).toBe(true);
}, 60_000);

async function start(path: string): Promise<{ child: ChildProcess; client: SQSClient }> {
  const script = fileURLToPath(new URL("sqsChild.ts", import.meta.url));
  const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { child, client: sqsClient(String(line).trim()) };
}

async function prepare(client: SQSClient): Promise<void> {
  await client.send(new CreateQueueCommand({ QueueName: "dlq.fifo" }));
  const target = "arn:aws:sqs:us-east-1:000000000000:dlq.fifo";
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: 2 });
  await client.send(new CreateQueueCommand({ QueueName: "q.fifo", Attributes: { RedrivePolicy } }));
}

/**
 * Sends numbered messages of a group. As a caller would, it repeats in the next round each send without an answer, and
 * every third of the last round as if its answer had been lost: a repeat must not make a second message.
 */
async function send(client: SQSClient, group: string, round: number, known: Known, alive: { yes: boolean }) {
  const doubted = (body: string) => body.startsWith(`${group}-${round - 1}-`) && Number(body.split("-")[2]) % 3 === 0;
  const repeats = [...known.asked].filter(
    (body) => doubted(body) || (body.startsWith(group) && !known.accepted.has(body)),
  );
  for (let index = 0; alive.yes; index++) {
    const body = repeats.shift() ?? `${group}-${round}-${index}`;
    known.asked.add(body);
    const input = { QueueUrl: QUEUE, MessageBody: body, MessageGroupId: group, MessageDeduplicationId: body };
    const sent = await client.send(new SendMessageCommand(input)).catch(() => undefined);
    if (!sent) return;
    known.accepted.add(body);
  }
}

/** Receives; deletes every second message, and lets the others fail into the dead-letter queue. */
async function consume(client: SQSClient, known: Known, alive: { yes: boolean }) {
  while (alive.yes) {
    const input = { QueueUrl: QUEUE, MaxNumberOfMessages: 2, VisibilityTimeout: 1 };
    const got = await client.send(new ReceiveMessageCommand(input)).catch(() => undefined);
    for (const { Body: body = "", ReceiptHandle } of got?.Messages ?? []) {
      known.receives.set(body, (known.receives.get(body) ?? 0) + 1);
      if (Number(body.split("-")[2]) % 2 === 0) {
        const release = { QueueUrl: QUEUE, ReceiptHandle, VisibilityTimeout: 0 };
        await client.send(new ChangeMessageVisibilityCommand(release)).catch(() => undefined);
        continue;
      }
      known.deleting.add(body);
      const command = new DeleteMessageCommand({ QueueUrl: QUEUE, ReceiptHandle });
      if (await client.send(command).catch(() => undefined)) known.deleted.add(body);
    }
  }
}
