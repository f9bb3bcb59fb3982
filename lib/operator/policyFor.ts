import type { Address } from "./gateway/address.ts";

/** What a person may do: look, or also act. */
export type Role = "read-only" | "operator";

/** A statement of an IAM policy. */
interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | string;
}

/** An IAM policy document. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/**
 * The least that a role takes, for the resources of one deployed stack: what the verbs call, and nothing else. A test holds
 * it against the calls that are made.
 */
export function policyFor(
  role: Role,
  { name, region, tableName, queueUrls, secretsPrefix, deployment }: Address,
): Policy {
  const inbound = arnOf(queueUrls.inbound, region);
  const account = inbound.split(":")[4] ?? "*";
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const table = arn("dynamodb", `table/${tableName}`);
  const [inboundDead, dead, failures] = [queueUrls.inboundDlq, queueUrls.dlq, queueUrls.streamFailures].map((url) =>
    arnOf(url, region),
  );
  const sessionEnd = Object.values(queueUrls.sessionEnd).map((url) => arnOf(url, region));
  const queues = [inbound, inboundDead, dead, failures, ...sessionEnd].flatMap((queue) => queue ?? []);
  const { outputs = {} } = deployment ?? {};
  const schedules = [outputs.SweepScheduleName, outputs.RetentionScheduleName]
    .flatMap((names) => names?.split(",") ?? [])
    .map((schedule) => arn("scheduler", `schedule/default/${schedule}`));
  const functions = [
    outputs.WebhookFunctionName,
    outputs.MessageFunctionName,
    outputs.SessionEndFunctionName,
    outputs.ExpiryFunctionName,
  ].flatMap((called) => (called === undefined ? [] : [arn("lambda", `function:${called}`)]));
  const allow = (Sid: string, Action: readonly string[], Resource: Statement["Resource"]): Statement => ({
    ...{ Sid, Effect: "Allow", Action, Resource },
  });
  const looking = [
    allow("Stack", ["cloudformation:DescribeStacks"], arn("cloudformation", `stack/${name}/*`)),
    allow("Table", ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"], table),
    allow("Index", ["dynamodb:Query"], `${table}/index/byState`),
    allow("Tail", ["dynamodb:DescribeTable"], table),
    allow(
      "Stream",
      ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      `${table}/stream/*`,
    ),
    allow("Queues", ["sqs:GetQueueAttributes"], queues),
    ...(schedules.length > 0 ? [allow("Schedules", ["scheduler:GetSchedule"], schedules)] : []),
    ...(functions.length > 0 ? [allow("Reserved", ["lambda:GetFunctionConcurrency"], functions)] : []),
    // These know no resources, or are asked for all that a prefix names.
    allow("Functions", ["lambda:GetAccountSettings", "lambda:ListEventSourceMappings"], "*"),
    allow("Metrics", ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"], "*"),
    allow("Secrets", ["ssm:GetParameters"], arn("ssm", `parameter${secretsPrefix}/*`)),
  ];
  const dlqMessages = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"];
  const acting = [
    allow("Act", ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Scan"], table),
    allow("Send", ["sqs:SendMessage"], [inbound, ...(dead ? [dead] : []), ...sessionEnd]),
    allow(
      "DlqMessages",
      dlqMessages,
      [inboundDead, dead].flatMap((queue) => queue ?? []),
    ),
  ];
  return { Version: "2012-10-17", Statement: role === "operator" ? [...looking, ...acting] : looking };
}

/** The ARN of the queue at an address, such as `https://sqs.eu-west-1.amazonaws.com/111122223333/name`. */
function arnOf(url: string, region: string): string {
  const [account, name] = new URL(url).pathname.split("/").slice(-2);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}
