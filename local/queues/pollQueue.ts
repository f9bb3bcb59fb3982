import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { toSqsRecord } from "../events/toSqsRecord.ts";
import { collectBatch } from "../mappings/collectBatch.ts";
import { failedItems } from "../mappings/failedItems.ts";
import type { MappingSpec } from "../mappings/mappingSpec.ts";
import type { Poller } from "../Poller.ts";
import { pause } from "../pause.ts";

/** The longest that SQS lets a receive wait, seconds: an idle queue costs three calls a minute. */
const LONG_POLL_SECONDS = 20;

/** The most messages that one receive returns. */
const RECEIVE_LIMIT = 10;

/** Milliseconds before the next try when the queue does not answer. */
const RETRY_MS = 1000;

export interface QueuePollerOptions {
  readonly client: SQSClient;
  readonly url: string;
  readonly arn: string;
  readonly region: string;
  readonly mapping: MappingSpec;
  /** How many batches at once: the mapping's share of the function's threads, so that it holds up no other mapping. */
  readonly pollers: number;
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** An invocation or a call to the queue failed. The messages come again after their visibility timeout. */
  readonly onError: (error: unknown) => void;
}

/**
 * The event source mapping of a queue: receive, invoke, delete what succeeded. As on AWS, a failed message is left to
 * its visibility timeout, which the function may have changed.
 *
 * A loop of its own and not a library's: only the waiting receive is aborted at the end, never a delete.
 */
export function pollQueue(options: QueuePollerOptions): Poller {
  const ending = new AbortController();
  const loops = Array.from({ length: options.pollers }, () => loop(options, ending.signal));
  return {
    async stop() {
      ending.abort();
      await Promise.all(loops);
    },
  };
}

async function loop(options: QueuePollerOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const messages = await collectBatch(options.mapping, (most) => receive(options, most, signal));
      if (messages.length > 0) await handle(options, messages);
    } catch (error) {
      if (signal.aborted) return;
      options.onError(error);
      await pause(RETRY_MS, signal);
    }
  }
}

async function receive({ client, url, mapping }: QueuePollerOptions, most: number, signal: AbortSignal) {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: Math.min(most, RECEIVE_LIMIT),
    WaitTimeSeconds: Math.min(mapping.MaximumBatchingWindowInSeconds || LONG_POLL_SECONDS, LONG_POLL_SECONDS),
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: ["All"],
  });
  const { Messages: messages = [] } = await client.send(command, { abortSignal: signal });
  return messages;
}

async function handle(options: QueuePollerOptions, messages: readonly Message[]): Promise<void> {
  let failed: ReadonlySet<string>;
  try {
    const result = await options.invoke({ Records: messages.map((message) => toSqsRecord(message, options)) });
    const reports = options.mapping.FunctionResponseTypes.includes("ReportBatchItemFailures");
    const ids = messages.map(({ MessageId }) => MessageId ?? "");
    failed = reports ? failedItems(result, ids) : new Set();
  } catch (error) {
    options.onError(error);
    return;
  }
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ""));
  for (let start = 0; start < done.length; start += RECEIVE_LIMIT) {
    const entries = done.slice(start, start + RECEIVE_LIMIT).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await options.client.send(new DeleteMessageBatchCommand({ QueueUrl: options.url, Entries: entries }));
  }
}
