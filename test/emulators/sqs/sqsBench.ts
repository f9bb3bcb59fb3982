import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SendMessageCommandOutput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Sqs, type SqsOptions, startSqs } from "../../../emulators/sqs/startSqs.ts";

/** A client of an emulator that never retries, so that a test sees each answer. */
export function sqsClient(endpoint: string): SQSClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new SQSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

/** An emulator with the calls that tests make again and again; the queue is named, not addressed. */
export async function sqsBench(options?: SqsOptions) {
  const sqs: Sqs = await startSqs(options);
  const client = sqsClient(sqs.endpoint);
  const url = sqs.queueUrl;
  return {
    sqs,
    client,
    url,
    async create(name: string, attributes: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> {
      const fifo: Partial<Record<QueueAttributeName, string>> = name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
      await client.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...fifo, ...attributes } }));
      return `arn:aws:sqs:us-east-1:000000000000:${name}`;
    },
    send(name: string, body: string, more: Partial<SendMessageCommandInput> = {}): Promise<SendMessageCommandOutput> {
      return client.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody: body, ...more }));
    },
    async receive(name: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
      const all: Partial<ReceiveMessageCommandInput> = {
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
      };
      const command = new ReceiveMessageCommand({ QueueUrl: url(name), ...all, ...more });
      return (await client.send(command)).Messages ?? [];
    },
    async bodies(name: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<(string | undefined)[]> {
      return (await this.receive(name, more)).map((message) => message.Body);
    },
    delete(name: string, message: Message | undefined) {
      return client.send(
        new DeleteMessageCommand({ QueueUrl: url(name), ReceiptHandle: message?.ReceiptHandle ?? "" }),
      );
    },
    /** Visible, in flight and delayed messages. */
    async counts(name: string): Promise<[number, number, number]> {
      const command = new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames: ["All"] });
      const { Attributes: found } = await client.send(command);
      const visible = Number(found?.ApproximateNumberOfMessages);
      const inflight = Number(found?.ApproximateNumberOfMessagesNotVisible);
      return [visible, inflight, Number(found?.ApproximateNumberOfMessagesDelayed)];
    },
    async close(): Promise<void> {
      client.destroy();
      await sqs.close();
    },
  };
}

/** An emulator under test. */
export type SqsBench = Awaited<ReturnType<typeof sqsBench>>;
