import { randomUUID } from "node:crypto";
import type { DynamoDBRecord } from "aws-lambda";

export interface StreamFailure {
  readonly records: readonly DynamoDBRecord[];
  readonly attempts: number;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the function threw; false when it reported failed items. */
  readonly threw: boolean;
}

/**
 * What Lambda sends to a stream mapping's failure destination: where the records are, not the records.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function toFailureMessage(failure: StreamFailure): string {
  const times = failure.records.map(({ dynamodb }) => dynamodb?.ApproximateCreationDateTime ?? 0);
  const arrival = (seconds: number | undefined) => new Date((seconds ?? 0) * 1000).toISOString();
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
      functionArn: failure.functionArn,
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: failure.attempts,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      functionError: failure.threw ? "Unhandled" : null,
    },
    version: "1.0",
    timestamp: new Date(failure.now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: failure.shardId,
      startSequenceNumber: failure.records[0]?.dynamodb?.SequenceNumber,
      endSequenceNumber: failure.records.at(-1)?.dynamodb?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(times[0]),
      approximateArrivalOfLastRecord: arrival(times.at(-1)),
      batchSize: failure.records.length,
      streamArn: failure.streamArn,
    },
  });
}
