import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { readSessionEndOutputs } from "../../lib/config/sessionEndOutputs.ts";
import { mappingSpec } from "../../local/mappings/mappingSpec.ts";
import { createQueue } from "../../local/queues/createQueue.ts";
import { queueSpec } from "../../local/queues/queueSpec.ts";
import { createTable } from "../../local/tables/createTable.ts";
import { tableSpec } from "../../local/tables/tableSpec.ts";
import { readResources } from "../../local/template/readResources.ts";
import { resolveValue } from "../../local/template/resolveValue.ts";
import { parseTemplate } from "../../local/template/Template.ts";
import { type TableRights, tableRights } from "./tableRights.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

const ARN = "arn:aws:sqs:us-east-1:000000000000:";

const urlsSchema = v.object({ crm: v.string(), wiki: v.string(), builtin: v.string() });

const refSchema = v.object({ Ref: v.string() });

/** The table and the queues of the stack's template, made in the emulators, and what the template says of the stream. */
export interface Wiring {
  readonly tableName: string;
  readonly streamArn: string;
  readonly streamFilters: readonly unknown[];
  /** -1: without a limit. */
  readonly streamRetries: number;
  readonly rights: TableRights;
  readonly queues: Readonly<Record<"inbound" | "inboundDead" | "sessionEndDead" | "visits", string>> & {
    /** By the providers of test/harness/fixtures/world.config.ts. */
    readonly sessionEnd: Readonly<v.InferOutput<typeof urlsSchema>>;
  };
}

/** Makes everything that the template describes, under names of its own. */
export async function createWiring(
  template: string,
  dynamoDb: { readonly endpoint: string },
  sqs: { readonly endpoint: string; queueUrl(name: string): string },
): Promise<Wiring> {
  const parsed = parseTemplate(JSON.parse(template));
  const queueName = (id: string) => (parsed.Resources[id]?.Properties?.FifoQueue === true ? `${id}.fifo` : id);
  const lookup = (name: string, attribute?: string) => (attribute === "Arn" ? `${ARN}${queueName(name)}` : name);
  const idOf = (output: string) => v.parse(refSchema, parsed.Outputs?.[output]?.Value).Ref;

  const client = new SQSClient({ ...LOCAL, endpoint: sqs.endpoint });
  const queues = readResources(parsed, "AWS::SQS::Queue", queueSpec, lookup);
  // Dead-letter queues first: a redrive policy names one that exists.
  for (const { id, properties } of [...queues].sort((a, b) => order(a.properties) - order(b.properties))) {
    await createQueue(client, queueName(id), properties);
  }
  const [table] = readResources(parsed, "AWS::DynamoDB::Table", tableSpec, lookup);
  if (!table) throw new Error("the template has no table");
  const database = new DynamoDBClient({ ...LOCAL, endpoint: dynamoDb.endpoint });
  const { streamArn } = await createTable(database, table.id, table.properties);
  const mappings = readResources(parsed, "AWS::Lambda::EventSourceMapping", mappingSpec, (name) => name);
  const outputs = Object.fromEntries(
    Object.entries(parsed.Outputs ?? {}).map(([name, { Value }]) => [
      name,
      String(resolveValue(Value, (id) => (queues.some((queue) => queue.id === id) ? sqs.queueUrl(queueName(id)) : id))),
    ]),
  );
  return {
    tableName: table.id,
    streamArn: streamArn ?? "",
    rights: tableRights(template),
    streamRetries: mappings.find(({ properties }) => properties.FilterCriteria)?.properties.MaximumRetryAttempts ?? -1,
    streamFilters: mappings.flatMap(({ properties }) =>
      (properties.FilterCriteria?.Filters ?? []).map(({ Pattern }) => JSON.parse(Pattern)),
    ),
    queues: {
      inbound: sqs.queueUrl(queueName(idOf("InboundQueueUrl"))),
      inboundDead: sqs.queueUrl(queueName(idOf("InboundDlqUrl"))),
      sessionEnd: v.parse(urlsSchema, readSessionEndOutputs(outputs)),
      sessionEndDead: sqs.queueUrl(queueName(idOf("SessionEndDlqUrl"))),
      visits: sqs.queueUrl(queueName(idOf("VisitQueueUrl"))),
    },
  };
}

function order({ RedrivePolicy }: v.InferOutput<typeof queueSpec>): number {
  return RedrivePolicy ? 1 : 0;
}
