import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueNameExists,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { QueueSpec } from "./queueSpec.ts";

/** Set when a queue is made and never again. */
const FIXED = new Set(["FifoQueue"]);

/**
 * Makes a queue as the template describes it; one that is there already keeps its messages and gets these attributes.
 * Its dead-letter queue must be there.
 */
export async function createQueue(
  client: SQSClient,
  name: string,
  spec: QueueSpec,
): Promise<{ readonly url: string; readonly arn: string }> {
  const url = await create(client, name, queueAttributes(spec));
  const { Attributes: attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: attributes?.QueueArn ?? "" };
}

async function create(client: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  try {
    const created = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return created.QueueUrl ?? "";
  } catch (error) {
    // The version that made it had other attributes.
    if (!(error instanceof QueueNameExists)) throw error;
  }
  const { QueueUrl: url = "" } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  const changeable = Object.fromEntries(Object.entries(attributes).filter(([attribute]) => !FIXED.has(attribute)));
  await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: changeable }));
  return url;
}

/** The attributes as the API takes them: texts, and JSON for policies. */
export function queueAttributes(spec: QueueSpec): Record<string, string> {
  const { QueueName: _name, ...attributes } = spec;
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name, value]) => value !== undefined && !(name === "FifoQueue" && value === false))
      .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
