import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { onTestFinished } from "vitest";
import { type DynamoDb, type DynamoDbOptions, startDynamoDb } from "../../../emulators/dynamodb/startDynamoDb.ts";

/** The name of the table that the tests use. */
export const TABLE = "things";

/** Keys `pk` and `sk`, an index of each projection type, and a stream. */
export const TABLE_INPUT: CreateTableCommandInput = {
  TableName: TABLE,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: ["pk", "sk", "g1", "s1", "g2", "g3"].map((AttributeName) => ({
    AttributeName,
    AttributeType: "S",
  })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "everything",
      KeySchema: [
        { AttributeName: "g1", KeyType: "HASH" },
        { AttributeName: "s1", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
    {
      IndexName: "keysOnly",
      KeySchema: [{ AttributeName: "g2", KeyType: "HASH" }],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
    {
      IndexName: "some",
      KeySchema: [{ AttributeName: "g3", KeyType: "HASH" }],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["name"] },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
};

/** Clients of an endpoint; they never try again, so that a test sees what the first answer was. */
export function clientsOf(endpoint: string) {
  const config = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  };
  const raw = new DynamoDBClient(config);
  return { raw, doc: DynamoDBDocumentClient.from(raw), streams: new DynamoDBStreamsClient(config) };
}

/** An emulator that ends with the test, its clients, and the table with TTL on `ttl`. */
export async function startTable(options: DynamoDbOptions = {}, input = TABLE_INPUT) {
  const db = await startForTest({ ttlInterval: 0, ...options });
  const clients = clientsOf(db.endpoint);
  const { TableDescription } = await clients.raw.send(new CreateTableCommand(input));
  await clients.raw.send(
    new UpdateTimeToLiveCommand({
      TableName: TABLE,
      TimeToLiveSpecification: { Enabled: true, AttributeName: "ttl" },
    }),
  );
  return { db, ...clients, streamArn: TableDescription?.LatestStreamArn ?? "" };
}

/** An emulator that ends with the test. */
export async function startForTest(options: DynamoDbOptions): Promise<DynamoDb> {
  const db = await startDynamoDb(options);
  onTestFinished(() => db.close());
  return db;
}
