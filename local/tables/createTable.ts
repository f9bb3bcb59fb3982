import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { LocalError } from "../LocalError.ts";
import type { TableSpec } from "./tableSpec.ts";

/** Milliseconds between two looks at a table that is not ready yet. */
const POLL_MS = 50;

/**
 * Makes a table as the template describes it; one that is there already, with its data, is used as it is.
 *
 * @returns its ARN, and its stream's where it has one
 * @throws LocalError when the one that is there has other keys or indexes
 */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  spec: TableSpec,
): Promise<{ readonly arn: string; readonly streamArn: string | undefined }> {
  try {
    await client.send(new CreateTableCommand(toInput(name, spec)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const table = await active(client, name);
  assertSame(name, spec, table);
  await enableTimeToLive(client, name, spec);
  return { arn: table.TableArn ?? "", streamArn: table.LatestStreamArn };
}

function toInput(name: string, spec: TableSpec): CreateTableCommandInput {
  return {
    TableName: name,
    AttributeDefinitions: spec.AttributeDefinitions,
    KeySchema: spec.KeySchema,
    BillingMode: "PAY_PER_REQUEST",
    ...(spec.GlobalSecondaryIndexes ? { GlobalSecondaryIndexes: spec.GlobalSecondaryIndexes } : {}),
    ...(spec.StreamSpecification
      ? { StreamSpecification: { StreamEnabled: true, StreamViewType: spec.StreamSpecification.StreamViewType } }
      : {}),
  };
}

async function active(client: DynamoDBClient, name: string): Promise<TableDescription> {
  for (;;) {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (table?.TableStatus === "ACTIVE") return table;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function assertSame(name: string, spec: TableSpec, table: TableDescription): void {
  const wanted = shape(spec.KeySchema, spec.GlobalSecondaryIndexes);
  const given = shape(table.KeySchema, table.GlobalSecondaryIndexes);
  if (wanted === given) return;
  throw new LocalError(
    `the data folder's table ${name} was made by another version: its keys are ${given}, this one needs ${wanted}; ` +
      "give another folder (VESPER_DATA) or delete this one",
  );
}

type Keys = readonly { readonly AttributeName?: string | undefined; readonly KeyType?: string | undefined }[];
type Indexes = readonly { readonly IndexName?: string | undefined; readonly KeySchema?: Keys | undefined }[];

function shape(keys: Keys = [], indexes: Indexes = []): string {
  const text = (of: Keys = []) => of.map(({ AttributeName }) => AttributeName).join("+");
  return [text(keys), ...indexes.map((index) => `${index.IndexName} ${text(index.KeySchema)}`).sort()].join(", ");
}

async function enableTimeToLive(client: DynamoDBClient, name: string, spec: TableSpec): Promise<void> {
  const attribute = spec.TimeToLiveSpecification?.AttributeName;
  if (attribute === undefined) return;
  const { TimeToLiveDescription: now } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
  // Enabling what is enabled is an error.
  if (now?.TimeToLiveStatus === "ENABLED" && now.AttributeName === attribute) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: attribute };
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}
