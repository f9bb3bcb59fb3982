import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type Sqs, startSqs } from "../../../emulators/sqs/startSqs.ts";
import { createQueue } from "../../../local/queues/createQueue.ts";
import { type QueueSpec, queueSpec } from "../../../local/queues/queueSpec.ts";
import { readResources } from "../../../local/template/readResources.ts";
import { parseTemplate } from "../../../local/template/Template.ts";
import { ModelQueue } from "../../../verification/simulation/aws/ModelQueue.ts";
import { queueClient } from "../../harness/clients.ts";
import { type QueueStep, queueStories } from "./queueSteps.ts";

const SEED = 20_260_302;

const RUNS = 30;

const START = Date.parse("2026-03-02T10:00:00Z");

const MANNERS = { duplicates: () => false, refuses: () => false, chooses: () => 0 };

/** Seconds; the queues differ so that a wrong one shows. */
const TIMES = { visibilityTimeout: 30, retention: 600, deadRetention: 900 };

/** What one receive can bring: with more on a queue, which of them come is open. */
const MOST = 10;

let sqs: Sqs;

let client: SQSClient;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  sqs = await startSqs();
  client = queueClient(sqs.endpoint);
});

afterAll(async () => {
  vi.useRealTimers();
  await sqs.close();
});

/** The same two queues twice: in the emulator, as the template has them but for the times, and in the model. */
async function startPair(fifo: boolean, maxReceiveCount: number, run: number) {
  const [spec] = readResources(parseTemplate(JSON.parse(inject("template"))), "AWS::SQS::Queue", queueSpec, String)
    .map(({ properties }) => properties)
    .filter(({ FifoQueue = false }) => FifoQueue === fifo);
  const { visibilityTimeout, retention, deadRetention } = TIMES;
  const create = (name: string, times: QueueSpec) => {
    const { RedrivePolicy: _, ...properties } = { RedrivePolicy: undefined, ...spec };
    const settings = { ...properties, VisibilityTimeout: visibilityTimeout, ...times };
    return createQueue(client, `${name}${run}${fifo ? ".fifo" : ""}`, settings);
  };
  const dead = await create("dead", { MessageRetentionPeriod: deadRetention });
  const live = await create("live", {
    MessageRetentionPeriod: retention,
    RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount },
  });
  const now = () => Date.now();
  const to = new ModelQueue({ fifo, visibilityTimeout, retention: deadRetention }, MANNERS, now);
  const settings = { fifo, visibilityTimeout, retention, redrive: { to, maxReceiveCount } };
  return {
    live: { url: live.url, model: new ModelQueue(settings, MANNERS, now) },
    dead: { url: dead.url, model: to },
  };
}

type Pair = Awaited<ReturnType<typeof startPair>>;

/** A message that both handed out. */
interface Receipt {
  readonly queue: keyof Pair;
  readonly real: string;
  readonly model: string;
}

/** Plays steps on both, and compares all that a caller can tell. */
class Play {
  private readonly pair: Pair;
  private readonly fifo: boolean;
  private readonly receipts: Receipt[] = [];
  /** The model's message ids by the emulator's. */
  private readonly ids = new Map<string, string>();
  private sent = 0;

  constructor(pair: Pair, fifo: boolean) {
    this.pair = pair;
    this.fifo = fifo;
  }

  async step(step: QueueStep): Promise<void> {
    if (step.does === "pass") vi.setSystemTime(Date.now() + step.milliseconds);
    else if (step.does === "send") await this.send(step.messages);
    else if (step.does === "receive") await this.receive(step);
    else if (step.does === "purge") {
      const { url, model } = this.pair[step.queue];
      await client.send(new PurgeQueueCommand({ QueueUrl: url }));
      model.purge();
    } else await this.change(step);
    for (const { url, model } of [this.pair.live, this.pair.dead]) {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: COUNTS });
      const { Attributes } = await client.send(command);
      expect(model.execute(command)).toEqual({ Attributes });
    }
  }

  private async send(messages: (QueueStep & { does: "send" })["messages"]): Promise<void> {
    const { live, dead } = this.pair;
    if (live.model.bodies().length + dead.model.bodies().length + messages.length > MOST) return;
    const command = new SendMessageBatchCommand({
      QueueUrl: live.url,
      Entries: messages.map(({ id, group, deduplication, delay }) => ({
        Id: String(id),
        MessageBody: `body ${++this.sent}`,
        ...(this.fifo ? { MessageGroupId: group, MessageDeduplicationId: deduplication } : { DelaySeconds: delay }),
      })),
    });
    const real = await told(async () => {
      const { Successful = [], Failed = [] } = await client.send(command);
      return { Successful: Successful.map(({ Id }) => ({ Id })), Failed };
    });
    expect(await told(async () => live.model.execute(command))).toEqual(real);
  }

  private async receive({ queue, most, hidden }: QueueStep & { does: "receive" }): Promise<void> {
    const { url, model } = this.pair[queue];
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: most,
        ...(hidden === undefined ? {} : { VisibilityTimeout: hidden }),
        MessageSystemAttributeNames: ["All"],
      }),
    );
    const real = Messages.map(({ MessageId = "", Body = "", ReceiptHandle = "", Attributes = {} }) => ({
      id: MessageId,
      body: Body,
      group: Attributes.MessageGroupId ?? "",
      count: Number(Attributes.ApproximateReceiveCount),
      receipt: ReceiptHandle,
    })).sort(this.order);
    const played = model.receive(most, hidden).toSorted(this.order);
    const shown = ({ body, group, count }: (typeof real)[number]) => ({ body, group, count });
    expect(played.map(shown)).toEqual(real.map(shown));
    for (const [index, { id, receipt }] of real.entries()) {
      const other = played[index];
      this.receipts.push({ queue, real: receipt, model: other?.receipt ?? "" });
      expect(other?.id).toBe(this.ids.get(id) ?? other?.id);
      this.ids.set(id, other?.id ?? "");
    }
  }

  private async change(step: QueueStep & { does: "delete" | "hide" }): Promise<void> {
    const receipt = this.receipts.at(-1 - step.receipt);
    const { url, model } = this.pair[receipt?.queue ?? "live"];
    const command = (ReceiptHandle: string) =>
      step.does === "delete"
        ? new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })
        : new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: step.seconds });
    const real = await told(async () => {
      // The SDK's `send` is typed for one kind of command at a time.
      await client.send(command(receipt?.real ?? "nonsense") as DeleteMessageCommand);
      return {};
    });
    expect(await told(async () => model.execute(command(receipt?.model ?? "nonsense")))).toEqual(real);
  }

  /** A standard queue has no order, a FIFO queue one within each group: the sort is stable. */
  private readonly order = (a: { body: string; group: string }, b: { body: string; group: string }) =>
    this.fifo ? a.group.localeCompare(b.group) : a.body.localeCompare(b.body);
}

const COUNTS = [
  "ApproximateNumberOfMessages" as const,
  "ApproximateNumberOfMessagesNotVisible" as const,
  "ApproximateNumberOfMessagesDelayed" as const,
];

/** An answer, or the name of the error. */
async function told(call: () => Promise<object>): Promise<object> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error && "$fault" in error)) throw error;
    return { name: error.name };
  }
}

describe("the model of the queues", () => {
  it.each([
    ["standard", false],
    ["FIFO", true],
  ])("gives the emulator's answers to every sequence of requests: %s", async (_, fifo) => {
    let runs = 0;
    const cases = fc.asyncProperty(queueStories(fifo), async ({ maxReceiveCount, steps }) => {
      const play = new Play(await startPair(fifo, maxReceiveCount, ++runs), fifo);
      for (const step of steps) await play.step(step);
    });
    await fc.assert(cases, { seed: SEED, numRuns: RUNS });
  });
});
