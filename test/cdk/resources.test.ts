import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { functionOf, gatewayTemplate, idOf } from "./gatewayTemplate.ts";

// GIVEN the gateway's template with every default
const template = gatewayTemplate();
const FUNCTIONS = ["webhook", "message", "expiry", "session-end"];

describe("the stack", () => {
  it("holds exactly these resources", () => {
    const { Resources: resources } = template.toJSON();
    const counts: Record<string, number> = {};
    for (const { Type } of Object.values<{ Type: string }>(resources)) counts[Type] = (counts[Type] ?? 0) + 1;

    expect(counts).toEqual({
      "AWS::ApiGatewayV2::Api": 1,
      "AWS::ApiGatewayV2::Integration": 1,
      "AWS::ApiGatewayV2::Route": 2,
      "AWS::ApiGatewayV2::Stage": 1,
      "AWS::CloudWatch::Alarm": 24,
      "AWS::DynamoDB::Table": 1,
      "AWS::IAM::Policy": 4,
      "AWS::IAM::Role": 5,
      "AWS::Lambda::EventInvokeConfig": 1,
      "AWS::Lambda::EventSourceMapping": 4,
      "AWS::Lambda::Function": 4,
      "AWS::Lambda::Permission": 2,
      "AWS::Logs::LogGroup": 5,
      "AWS::SNS::Topic": 1,
      "AWS::SNS::TopicPolicy": 1,
      "AWS::SQS::Queue": 6,
      "AWS::SQS::QueuePolicy": 6,
      "AWS::Scheduler::Schedule": 2,
    });
  });

  it("has no name that a second stack or a second try would find taken, but for the alarms' under the stack's own", () => {
    const named = Object.entries(template.toJSON().Resources).flatMap(([id, resource]) =>
      /"(TableName|QueueName|FunctionName|LogGroupName|RoleName|TopicName)":"/.test(JSON.stringify(resource))
        ? [id]
        : [],
    );
    expect(named).toEqual([]);
  });
});

describe("the stack, keeping what must not be lost,", () => {
  it("T15 has a table that is on demand, recoverable to any second, protected, and kept when the stack goes", () => {
    template.hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });

  it("T15 puts what can't be read or worked on a queue that an alarm watches from its first message on", () => {
    const dead = Object.values(template.findResources("AWS::SQS::Queue")).flatMap(({ Properties }) => {
      const target = Properties.RedrivePolicy?.deadLetterTargetArn;
      return target === undefined ? [] : [JSON.stringify(target)];
    });
    const failures = Object.values(template.findResources("AWS::Lambda::EventSourceMapping")).flatMap(
      ({ Properties }) => {
        const target = Properties.DestinationConfig?.OnFailure?.Destination;
        return target === undefined ? [] : [JSON.stringify(target)];
      },
    );
    const watched = Object.values(template.findResources("AWS::CloudWatch::Alarm")).flatMap(({ Properties }) => {
      const { Namespace, Threshold, AlarmActions, Dimensions } = Properties;
      const counts = Namespace === "AWS/SQS" && Threshold === 1 && AlarmActions.length > 0;
      return counts ? [JSON.stringify(Dimensions[0].Value).replace("QueueName", "Arn")] : [];
    });
    expect(dead).toHaveLength(2);
    expect(failures).toHaveLength(1);
    expect(watched.toSorted()).toEqual([...dead, ...failures].toSorted());
  });

  it("keeps accepted messages, which are nowhere else, when the stack goes, and not what the ledger knows", () => {
    const policies = Object.entries(template.findResources("AWS::SQS::Queue")).map(([id, { DeletionPolicy }]) => [
      id.replace(/^Gateway|[0-9A-F]{8}$/g, ""),
      DeletionPolicy,
    ]);

    expect(Object.fromEntries(policies)).toEqual({
      InboundQueue: "RetainExceptOnCreate",
      InboundDeadLetterQueue: "RetainExceptOnCreate",
      SessionEndQueuecrm: "Delete",
      SessionEndDeadLetterQueue: "Delete",
      ExpiryStreamFailuresQueue: "Delete",
      ExpiryVisitQueue: "Delete",
    });
  });
});

describe("encryption", () => {
  it("encrypts every queue, which refuses what does not come by TLS", () => {
    const queues = Object.entries(template.findResources("AWS::SQS::Queue"));
    expect(queues.map(([, { Properties }]) => Properties.SqsManagedSseEnabled)).toEqual(queues.map(() => true));

    for (const [id] of queues) {
      template.hasResourceProperties("AWS::SQS::QueuePolicy", {
        Queues: [{ Ref: id }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: "sqs:*",
              Effect: "Deny",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
              Principal: { AWS: "*" },
            }),
          ]),
        },
      });
    }
  });

  it("lets the alarms' topic refuse what does not come by TLS, and take alarms of this account", () => {
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          {
            Action: "sns:Publish",
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Resource: { Ref: idOf(template, "AWS::SNS::Topic", "AlarmTopic") },
          },
        ],
      },
    });
  });
});

describe("the functions", () => {
  it.each([
    ["webhook", 256, ["INBOUND_QUEUE_URL"]],
    ["message", 256, ["INBOUND_QUEUE_URL"]],
    ["expiry", 256, ["SESSION_END_QUEUE_URLS", "VISIT_QUEUE_URL"]],
    ["session-end", 256, ["SESSION_END_DLQ_URL", "SESSION_END_QUEUE_URLS"]],
  ])("run %s with %d MB on arm64 and the newest Node, with just the addresses that it uses", (name, memory, urls) => {
    const { Environment, ...properties } = functionOf(template, name);

    expect(properties).toMatchObject({ Architectures: ["arm64"], Runtime: "nodejs24.x", MemorySize: memory });
    expect(properties.LoggingConfig).toMatchObject({ LogFormat: "JSON", SystemLogLevel: "WARN" });
    expect(properties.TracingConfig).toBeUndefined();
    const common = ["GATEWAY_NAME", "LOG_LEVEL", "SECRETS_PREFIX", "TABLE_NAME"];
    expect(Object.keys(Environment.Variables).sort()).toEqual([...common, ...urls].sort());
    expect(Environment.Variables).toMatchObject({
      GATEWAY_NAME: "Test",
      LOG_LEVEL: "info",
      SECRETS_PREFIX: "/vesper/Test",
    });
  });

  it("write each to a log of its own that forgets after 30 days", () => {
    const logs = FUNCTIONS.map((name) => functionOf(template, name).LoggingConfig.LogGroup.Ref);
    expect(new Set(logs).size).toBe(4);
    const groups = template.findResources("AWS::Logs::LogGroup");
    for (const log of logs) expect(groups[log]?.Properties).toEqual({ RetentionInDays: 30 });
  });
});

describe("the way in", () => {
  it("takes 100 calls a second of each platform, 200 at once, by a throttle of its own, so that a flood shuts no other", () => {
    const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"));
    const limits = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };

    expect(stage?.Properties.RouteSettings).toEqual({ "ANY /webhooks/http": limits, "ANY /webhooks/telegram": limits });
    // API Gateway refuses a stage that names a route which is not there yet.
    expect(stage?.DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources("AWS::ApiGatewayV2::Route"))),
    );
  });

  it("takes 100 calls a second, 200 at once, and logs each without a word of it or an address", () => {
    const stage = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"))[0]?.Properties;

    expect(stage).toMatchObject({
      StageName: "$default",
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      AccessLogSettings: {
        DestinationArn: { "Fn::GetAtt": [idOf(template, "AWS::Logs::LogGroup", "AccessLog"), "Arn"] },
      },
    });
    expect(Object.keys(JSON.parse(stage?.AccessLogSettings.Format)).sort()).toEqual(
      ["error", "integrationError", "latency", "method", "path", "request", "status"].sort(),
    );
  });
});
