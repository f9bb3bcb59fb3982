import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import type { ModelQueue } from "./ModelQueue.ts";
import { serviceError } from "./serviceError.ts";

/** The most messages of one request. */
export const MOST_MESSAGES = 10;

/**
 * Carries out one command of the SDK on a queue and answers its output. Throws as the SDK does.
 *
 * @param refuses whether a batch is taken without one of its messages
 */
export function executeOn(queue: ModelQueue, refuses: () => boolean, command: unknown): Record<string, unknown> {
  if (command instanceof SendMessageBatchCommand) {
    const entries = command.input.Entries ?? [];
    checkBatch(entries.map(({ Id = "" }) => Id));
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, MessageBody = "", MessageGroupId = "", MessageDeduplicationId, DelaySeconds } of entries) {
      if (refuses()) {
        Failed.push({ Id, SenderFault: false, Code: "InternalError" });
        continue;
      }
      queue.send(MessageBody, MessageGroupId, MessageDeduplicationId, DelaySeconds);
      Successful.push({ Id });
    }
    return { Successful, Failed };
  }
  if (command instanceof ReceiveMessageCommand) {
    const { MaxNumberOfMessages = 1, VisibilityTimeout } = command.input;
    const found = queue.receive(MaxNumberOfMessages, VisibilityTimeout);
    return {
      Messages: found.map(({ id, body, receipt }) => ({ MessageId: id, Body: body, ReceiptHandle: receipt })),
    };
  }
  if (command instanceof DeleteMessageCommand) {
    queue.delete(command.input.ReceiptHandle ?? "");
    return {};
  }
  if (command instanceof ChangeMessageVisibilityCommand) {
    queue.changeVisibility(command.input.ReceiptHandle ?? "", command.input.VisibilityTimeout ?? 0);
    return {};
  }
  if (command instanceof GetQueueAttributesCommand) return { Attributes: queue.attributes() };
  throw new Error(`the model of the queue does not know this command; teach it: ${String(command)}`);
}

function checkBatch(ids: readonly string[]): void {
  const refuse = (name: string) => serviceError(name, `a batch of ${ids.length} messages`);
  if (ids.length === 0) throw refuse("EmptyBatchRequest");
  if (ids.length > MOST_MESSAGES) throw refuse("TooManyEntriesInBatchRequest");
  if (new Set(ids).size < ids.length) throw refuse("BatchEntryIdsNotDistinct");
}
