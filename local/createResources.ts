import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { createQueue } from "./queues/createQueue.ts";
import { queueSpec } from "./queues/queueSpec.ts";
import { createTable } from "./tables/createTable.ts";
import { tableSpec } from "./tables/tableSpec.ts";
import type { Names } from "./template/Names.ts";
import { readResources } from "./template/readResources.ts";
import type { Template } from "./template/Template.ts";

export interface ResourceOptions {
  readonly template: Template;
  readonly stackName: string;
  readonly names: Names;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
}

/**
 * Makes the template's tables and queues, or takes those that are there, and adds them to `names`.
 *
 * @returns the queues' addresses by ARN
 */
export async function createResources(options: ResourceOptions): Promise<ReadonlyMap<string, string>> {
  const [queueUrls] = await Promise.all([createQueues(options), createTables(options)]);
  return queueUrls;
}

async function createTables({ template, stackName, names, dynamodb }: ResourceOptions): Promise<void> {
  await Promise.all(
    readResources(template, "AWS::DynamoDB::Table", tableSpec, names.lookup).map(async ({ id, properties }) => {
      const name = properties.TableName ?? `${stackName}-${id}`;
      const { arn, streamArn } = await createTable(dynamodb, name, properties);
      names.add(id, name, { Arn: arn, StreamArn: streamArn });
    }),
  );
}

/** Dead-letter queues first: a queue names its own by ARN, and it must be there. */
async function createQueues({ template, stackName, names, sqs }: ResourceOptions): Promise<Map<string, string>> {
  const urls = new Map<string, string>();
  for (const redriven of [false, true]) {
    const wanted: Template = {
      Resources: Object.fromEntries(
        Object.entries(template.Resources).filter(
          ([, { Properties: properties = {} }]) => "RedrivePolicy" in properties === redriven,
        ),
      ),
    };
    await Promise.all(
      readResources(wanted, "AWS::SQS::Queue", queueSpec, names.lookup).map(async ({ id, properties }) => {
        const name = properties.QueueName ?? `${stackName}-${id}${properties.FifoQueue ? ".fifo" : ""}`;
        const { url, arn } = await createQueue(sqs, name, properties);
        names.add(id, url, { Arn: arn, QueueName: name, QueueUrl: url });
        urls.set(arn, url);
      }),
    );
  }
  return urls;
}
