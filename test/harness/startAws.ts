import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { inject } from "vitest";
import { startDynamoDb } from "../../emulators/dynamodb/startDynamoDb.ts";
import type { Waiting } from "../../emulators/sqs/Queue.ts";
import { startSqs } from "../../emulators/sqs/startSqs.ts";
import type { CallGate } from "./CallGate.ts";
import type { CapacityMeter } from "./CapacityMeter.ts";
import { queueClient, tableClient } from "./clients.ts";
import { createWiring, type Wiring } from "./createWiring.ts";
import { StreamSource } from "./StreamSource.ts";

/** What a world has of AWS. */
export interface Aws {
  readonly wiring: Wiring;
  readonly stream: Pick<StreamSource, "step" | "drop" | "repeat">;
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
  /** A client of the table whose calls go through `outside` and whose units are counted. */
  tableClient(gate?: CallGate, capacity?: CapacityMeter): DynamoDBDocumentClient;
  /** A client of the queues whose calls go through `outside`. */
  queueClient(gate?: CallGate): SQSClient;
  /** What waits in a queue now, without a request. */
  waiting(queueUrl: string): Waiting;
  /** TTL deletes what has expired; answers how many. */
  expire(): Promise<number>;
  close(): Promise<unknown>;
}

/** Starts emulators with everything that the CDK app's template describes. The tests of `npm run mutation` have models. */
export async function startAws(): Promise<Aws> {
  const [dynamoDb, sqs] = await Promise.all([startDynamoDb({ ttlInterval: 0 }), startSqs({ longestWait: 0 })]);
  const wiring = await createWiring(inject("template"), dynamoDb, sqs);
  return {
    wiring,
    stream: new StreamSource(dynamoDb.endpoint, wiring.streamArn, wiring.streamFilters, wiring.streamRetries, () =>
      dynamoDb.lastRecord(wiring.streamArn),
    ),
    waiting: (queueUrl) => sqs.waiting(queueUrl),
    endpoints: { dynamodb: dynamoDb.endpoint, sqs: sqs.endpoint },
    tableClient: (gate, capacity) => tableClient(dynamoDb.endpoint, gate, capacity),
    queueClient: (gate) => queueClient(sqs.endpoint, gate),
    expire: () => dynamoDb.expire(),
    close: () => Promise.all([sqs.close(), dynamoDb.close()]),
  };
}
