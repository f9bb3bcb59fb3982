import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { inject } from "vitest";
import { startDynamoDb } from "../../local/dynamodb/startDynamoDb.ts";
import { startSqs } from "../../local/sqs/startSqs.ts";
import { queueClient, tableClient } from "./clients.ts";
import { createWiring, type Wiring } from "./createWiring.ts";
import type { Outside } from "./Outside.ts";
import { StreamSource } from "./StreamSource.ts";
import type { Units } from "./Units.ts";

/** What a world has of AWS. */
export interface Aws {
  readonly wiring: Wiring;
  readonly stream: Pick<StreamSource, "step" | "drop" | "repeat">;
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
  /** A client of the table whose calls go through `outside` and whose units are counted. */
  tableClient(outside?: Outside, units?: Units): DynamoDBDocumentClient;
  /** A client of the queues whose calls go through `outside`. */
  queueClient(outside?: Outside): SQSClient;
  /** TTL deletes what has expired; answers how many. */
  expire(): Promise<number>;
  close(): Promise<unknown>;
}

/** Starts emulators with everything that the CDK app's template describes. The tests of `npm run mutation` have models. */
export async function startAws(): Promise<Aws> {
  const [dynamoDb, sqs] = await Promise.all([startDynamoDb({ ttlInterval: 0 }), startSqs()]);
  const wiring = await createWiring(inject("template"), dynamoDb, sqs);
  return {
    wiring,
    stream: new StreamSource(dynamoDb.endpoint, wiring.streamArn, wiring.streamFilters, wiring.streamRetries),
    endpoints: { dynamodb: dynamoDb.endpoint, sqs: sqs.endpoint },
    tableClient: (outside, units) => tableClient(dynamoDb.endpoint, outside, units),
    queueClient: (outside) => queueClient(sqs.endpoint, outside),
    expire: () => dynamoDb.expire(),
    close: () => Promise.all([sqs.close(), dynamoDb.close()]),
  };
}
