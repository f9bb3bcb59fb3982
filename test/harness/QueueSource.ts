import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { toSqsRecord } from "../../local/events/toSqsRecord.ts";

/** A queue as an event source that a test steps, one message at a time. */
export class QueueSource {
  private readonly client: SQSClient;
  private readonly url: string;
  private readonly isEmpty: () => boolean;

  /** @param isEmpty tells without a request that nothing can be received now; most steps find nothing */
  constructor(client: SQSClient, url: string, isEmpty: () => boolean = () => false) {
    this.client = client;
    this.url = url;
    this.isEmpty = isEmpty;
  }

  private get arn(): string {
    return `arn:aws:sqs:us-east-1:${this.url.split("/").slice(-2).join(":")}`;
  }

  /** Gives the function one message, and deletes it when it was not reported as failed. Answers whether there was one. */
  async step(invoke: (event: SQSEvent) => Promise<SQSBatchResponse>): Promise<boolean> {
    if (this.isEmpty()) return false;
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 1,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    const [message] = Messages;
    if (!message) return false;
    const { batchItemFailures } = await invoke({
      Records: [toSqsRecord(message, { arn: this.arn, region: "us-east-1" })],
    });
    if (batchItemFailures.length === 0) {
      await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: message.ReceiptHandle }));
    }
    return true;
  }
}
