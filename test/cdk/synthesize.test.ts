import { join } from "node:path";
import { Match, Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import { synthesize } from "../../cdk/synthesize.ts";

const CONFIG = join(import.meta.dirname, "../../vesper.config.ts");
const DAY = 86_400;

// GIVEN the gateway's template
let template: Template;
beforeAll(() => {
  template = synthesizeTemplate();
});

function synthesizeTemplate(): Template {
  return Template.fromJSON(synthesize({ stackName: "Test", configPath: CONFIG }));
}

/** The one function of a source file: its logical id and properties. */
function functionOf(entry: string) {
  const found = Object.entries(
    template.findResources("AWS::Lambda::Function", { Metadata: { "vesper:entry": `functions/${entry}.ts` } }),
  );
  expect(found).toHaveLength(1);
  const [id = "", { Properties: properties = {} } = {}] = found[0] ?? [];
  return { id, properties };
}

/** Logical id of the one resource of a type whose id contains a text. */
function idOf(type: string, part: string): string {
  const found = Object.keys(template.findResources(type)).filter((id) => id.includes(part));
  expect(found).toHaveLength(1);
  return found[0] ?? "";
}

/** What a function may do: `action on logical id`. */
function grantsOf(entry: string): readonly string[] {
  const roleId = functionOf(entry).properties.Role["Fn::GetAtt"][0];
  const policies = Object.values(template.findResources("AWS::IAM::Policy")).filter(
    ({ Properties: { Roles: roles } }) => JSON.stringify(roles).includes(`"${roleId}"`),
  );
  return policies.flatMap(({ Properties: { PolicyDocument: document } }) =>
    document.Statement.flatMap(({ Action: action, Resource: resource }: { Action: string[]; Resource: unknown }) => {
      const target = /parameter|Gateway(\w+?)[0-9A-F]{8}/.exec(JSON.stringify(resource));
      return [action].flat().map((one) => `${one} on ${target?.[1] ?? target?.[0]}`);
    }),
  );
}

describe("the table", () => {
  it("keeps everything that must not be lost: on demand, recoverable, retained, with TTL and both images", () => {
    template.hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
      },
    });
  });

  it("has one sparse index, by state and time, of keys only", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      AttributeDefinitions: Match.arrayWith([
        { AttributeName: "state", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "N" },
      ]),
      GlobalSecondaryIndexes: [
        {
          IndexName: "byState",
          KeySchema: [
            { AttributeName: "state", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
  });
});

describe("the queues", () => {
  it("inbound: high-throughput FIFO, visible just over the function's time, ten receives before the dead-letter queue", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "Test-inbound.fifo",
      FifoQueue: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
      VisibilityTimeout: 65,
      MessageRetentionPeriod: 14 * DAY,
      RedrivePolicy: {
        deadLetterTargetArn: { "Fn::GetAtt": [idOf("AWS::SQS::Queue", "InboundDeadLetterQueue"), "Arn"] },
        maxReceiveCount: 10,
      },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "Test-inbound-dead.fifo",
      FifoQueue: true,
      MessageRetentionPeriod: 14 * DAY,
    });
  });

  it("session-end: standard, 100 receives, both queues kept as long as SQS can", () => {
    const dead = idOf("AWS::SQS::Queue", "SessionEndDeadLetterQueue");
    template.hasResourceProperties("AWS::SQS::Queue", {
      FifoQueue: Match.absent(),
      VisibilityTimeout: 65,
      MessageRetentionPeriod: 14 * DAY,
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [dead, "Arn"] }, maxReceiveCount: 100 },
    });
    expect(template.findResources("AWS::SQS::Queue")[dead]?.Properties).toEqual({ MessageRetentionPeriod: 14 * DAY });
  });
});

describe("what calls the functions", () => {
  it.each([
    ["message", "InboundQueue"],
    ["session-end", "SessionEndQueue"],
  ])("%s: one message an invocation, failures reported by message", (entry, queue) => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 1,
      EventSourceArn: { "Fn::GetAtt": [idOf("AWS::SQS::Queue", queue), "Arn"] },
      FunctionName: { Ref: functionOf(entry).id },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("expiry: the stream's ended sessions and nothing else, from the start, split and given up into a queue", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      ParallelizationFactor: 10,
      StartingPosition: "TRIM_HORIZON",
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      FunctionName: { Ref: functionOf("expiry").id },
      DestinationConfig: {
        OnFailure: { Destination: { "Fn::GetAtt": [idOf("AWS::SQS::Queue", "StreamFailures"), "Arn"] } },
      },
      FilterCriteria: {
        Filters: [
          { Pattern: '{"eventName":["REMOVE"],"dynamodb":{"Keys":{"sk":{"S":["LIVE"]}}}}' },
          {
            Pattern:
              '{"eventName":["MODIFY"],"dynamodb":{"Keys":{"sk":{"S":["LIVE"]}},"NewImage":{"ended":{"S":[{"exists":true}]}}}}',
          },
        ],
      },
    });
  });

  it.each([
    ["rate(1 minute)", '{"type":"sweep"}', 0],
    ["cron(17 3 * * ? *)", '{"type":"retention"}', 185],
  ])("expiry: %s with %s", (expression, input, retries) => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: expression,
      State: "ENABLED",
      Target: {
        Arn: { "Fn::GetAtt": [functionOf("expiry").id, "Arn"] },
        Input: input,
        RetryPolicy: { MaximumRetryAttempts: retries },
      },
    });
  });

  it("expiry: a failed sweep is not repeated, since the next comes within the minute", () => {
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: functionOf("expiry").id },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it("webhook: one route", () => {
    template.resourceCountIs("AWS::ApiGatewayV2::Route", 1);
    template.hasResourceProperties("AWS::ApiGatewayV2::Route", { RouteKey: "ANY /webhooks/{platform}" });
    template.hasResourceProperties("AWS::ApiGatewayV2::Integration", {
      IntegrationUri: { "Fn::GetAtt": [functionOf("webhook").id, "Arn"] },
      PayloadFormatVersion: "2.0",
    });
  });
});

describe("the functions", () => {
  it.each([
    ["webhook", 10, 256, ["INBOUND_QUEUE_URL"]],
    ["message", 60, 512, ["INBOUND_QUEUE_URL"]],
    ["expiry", 120, 256, ["SESSION_END_QUEUE_URL"]],
    ["session-end", 60, 256, ["SESSION_END_DLQ_URL", "SESSION_END_QUEUE_URL"]],
  ])("%s: %d s, %d MB, on arm64 and Node 24, with just the addresses that it uses", (entry, timeout, memory, urls) => {
    const { properties } = functionOf(entry);

    expect(properties).toMatchObject({
      Architectures: ["arm64"],
      Handler: "index.handler",
      MemorySize: memory,
      Runtime: "nodejs24.x",
      Timeout: timeout,
    });
    const variables = properties.Environment.Variables;
    expect(variables.SECRETS_PREFIX).toBe("/vesper/Test");
    expect(Object.keys(variables).sort()).toEqual([...urls, "NODE_OPTIONS", "SECRETS_PREFIX", "TABLE_NAME"].sort());
  });

  it("webhook may send to the inbound queue and read secrets, and not touch the table", () => {
    const grants = grantsOf("webhook");
    expect(grants).toContain("sqs:SendMessage on InboundQueue");
    expect(grants).toContain("ssm:GetParameter on parameter");
    expect(grants.filter((grant) => grant.endsWith("Table"))).toEqual([]);
  });

  it("message may change its queue's visibility, read and write the table, and send nowhere", () => {
    const grants = grantsOf("message");
    expect(grants).toContain("sqs:ChangeMessageVisibility on InboundQueue");
    expect(grants).toContain("dynamodb:UpdateItem on Table");
    expect(grants).toContain("ssm:GetParameter on parameter");
    expect(grants.filter((grant) => grant.startsWith("sqs:SendMessage"))).toEqual([]);
  });

  it("expiry may send to the session-end queue, and read no secret", () => {
    const grants = grantsOf("expiry");
    expect(grants).toContain("sqs:SendMessage on SessionEndQueue");
    expect(grants.filter((grant) => grant.startsWith("ssm:"))).toEqual([]);
  });

  it("session-end may change its queue's visibility and send to its dead-letter queue alone", () => {
    const grants = grantsOf("session-end");
    expect(grants).toContain("dynamodb:UpdateItem on Table");
    expect(grants).toContain("sqs:ChangeMessageVisibility on SessionEndQueue");
    expect(grants.filter((grant) => grant.startsWith("sqs:SendMessage"))).toEqual([
      "sqs:SendMessage on SessionEndDeadLetterQueue",
    ]);
  });

  it("read secrets under the stack's own path alone", () => {
    template.hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: "ssm:GetParameter",
            Resource: { "Fn::Join": ["", Match.arrayWith([":parameter/vesper/Test/*"])] },
          }),
        ]),
      },
    });
  });
});

describe("the stack", () => {
  it("tells the operator's tools where everything is", () => {
    expect(Object.keys(template.findOutputs("*")).sort()).toEqual([
      "InboundDlqUrl",
      "InboundQueueUrl",
      "SessionEndDlqUrl",
      "SessionEndQueueUrl",
      "StreamFailuresQueueUrl",
      "TableName",
      "WebhookUrl",
    ]);
  });

  it("never renames what holds data: another logical id is another, empty, table or queue", () => {
    const stateful = ["AWS::DynamoDB::Table", "AWS::SQS::Queue"].flatMap((type) =>
      Object.keys(template.findResources(type)),
    );
    expect(stateful.sort()).toEqual([
      "GatewayExpiryStreamFailuresQueue112FE2AA",
      "GatewayInboundDeadLetterQueue52E3B7E6",
      "GatewayInboundQueue08AA336B",
      "GatewaySessionEndDeadLetterQueue6E5E0795",
      "GatewaySessionEndQueue38978958",
      "GatewayTable3B1A7383",
    ]);
  });

  it("is made in well under a second, so that the local runner can use it at each start", () => {
    const before = performance.now();
    synthesizeTemplate();
    // 30 ms on two shared cores once aws-cdk-lib is loaded, which takes 250 ms.
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
