import { Key } from "aws-cdk-lib/aws-kms";
import { describe, expect, it } from "vitest";
import { functionOf, gatewayStack, gatewayTemplate } from "./gatewayTemplate.ts";
import { grantsOf, grantsOfRole } from "./grantsOf.ts";

// GIVEN a gateway of two platforms and one provider, each with secrets of its own
const template = gatewayTemplate();
const parameter = (name: string) =>
  `ssm:GetParameters on arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/vesper/Test/${name}`;
const consume = (queue: string) =>
  ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"].map(
    (action) => `sqs:${action} on ${queue}`,
  );
const items = (partition: string, ...actions: readonly string[]) =>
  actions.map((action) => `dynamodb:${action} on Table ${partition}#*`);
const log = (of: string) =>
  ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => `${action} on ${of}FunctionLog`);

describe("the policy of a role", () => {
  it("lets webhook send to the inbound queue and read the platforms' secrets, and touch no table", () => {
    expect(grantsOf(template, "webhook")).toEqual(
      [
        ...log("Webhook"),
        "sqs:SendMessage on InboundQueue",
        ...["HTTP_SIGNING_SECRET", "TELEGRAM_SECRET", "TELEGRAM_TOKEN"].map(parameter),
      ].sort(),
    );
  });

  it("lets message work the inbound queue and the table's items, read the secrets of its adapters, and send nowhere", () => {
    expect(grantsOf(template, "message")).toEqual(
      [
        ...log("Inbound"),
        ...consume("InboundQueue"),
        ...items("CONV", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        ...items("SESSION", "BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        ...items("MEMORY", "Query"),
        ...items("CHAT", "GetItem", "UpdateItem"),
        ...items("PAIRING", "GetItem", "UpdateItem"),
        ...["HTTP_SIGNING_SECRET", "TELEGRAM_SECRET", "TELEGRAM_TOKEN"].map(parameter),
      ].sort(),
    );
  });

  it("lets expiry read the stream and the index, work the items, see and fill the session-end queues, and read no secret", () => {
    expect(grantsOf(template, "expiry")).toEqual(
      [
        ...log("Expiry"),
        ...items("CONV", "DeleteItem", "GetItem", "UpdateItem"),
        ...items("SESSION", "BatchWriteItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        ...items("PROVIDER", "GetItem"),
        ...items("CHAT", "GetItem"),
        "dynamodb:Query on Table/index/byState",
        ...["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
          (action) => `dynamodb:${action} on Table.StreamArn`,
        ),
        "sqs:GetQueueAttributes on SessionEndQueuecrm",
        "sqs:SendMessage on SessionEndQueuecrm",
        // What it gave up: Lambda sends there with the function's role, as CDK grants it.
        ...["GetQueueAttributes", "GetQueueUrl", "SendMessage"].map(
          (action) => `sqs:${action} on ExpiryStreamFailuresQueue`,
        ),
      ].sort(),
    );
  });

  it("lets session-end work its queues and pass on to them, read and note in the table, send dead jobs, and read the providers' secrets", () => {
    expect(grantsOf(template, "session-end")).toEqual(
      [
        ...log("SessionEnd"),
        ...consume("SessionEndQueuecrm"),
        ...items("CONV", "GetItem"),
        ...items("SESSION", "Query", "UpdateItem"),
        ...items("MEMORY", "PutItem", "Query", "UpdateItem"),
        ...items("PROVIDER", "GetItem", "UpdateItem"),
        "sqs:SendMessage on SessionEndDeadLetterQueue",
        "sqs:SendMessage on SessionEndQueuecrm",
        parameter("CRM_SIGNING_SECRET"),
      ].sort(),
    );
  });

  it("lets the schedules call the expiry function", () => {
    const [role = ""] = Object.keys(template.findResources("AWS::IAM::Role")).filter((id) => id.includes("Schedule"));
    expect(grantsOfRole(template, role)).toEqual(["lambda:InvokeFunction on ExpiryFunction"]);
  });

  it("exists for no other role, and none is managed or has a wildcard", () => {
    template.resourceCountIs("AWS::IAM::Role", 5);
    template.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
    const policies = JSON.stringify(template.findResources("AWS::IAM::Policy"));
    // But for what follows the beginning of a key.
    expect(policies.replace(/"(CHAT|CONV|MEMORY|PAIRING|PROVIDER|SESSION)#\*"/g, "")).not.toContain("*");
  });

  it("lets each function write traces with tracing, which have no resource, and is no wider else", () => {
    const traced = gatewayTemplate({ tracing: true });

    for (const name of ["webhook", "message", "expiry", "session-end"]) {
      const added = grantsOf(traced, name).filter((grant) => !grantsOf(template, name).includes(grant));
      expect(added).toEqual(["xray:PutTelemetryRecords on *", "xray:PutTraceSegments on *"]);
      expect(functionOf(traced, name).TracingConfig).toEqual({ Mode: "Active" });
    }
  });

  it("lets who reads a secret decrypt it, with a key of one's own for the secrets", () => {
    const stack = gatewayStack();
    const key = Key.fromKeyArn(stack, "Imported", "arn:aws:kms:eu-west-1:123456789012:key/one");

    const given = gatewayTemplate({ secretsKey: key });

    const decrypt = "kms:Decrypt on arn:aws:kms:eu-west-1:123456789012:key/one";
    expect(
      ["webhook", "message", "expiry", "session-end"].filter((name) => grantsOf(given, name).includes(decrypt)),
    ).toEqual(["webhook", "message", "session-end"]);
  });
});

describe("the permission to call", () => {
  it("lets the API's own routes alone call the webhook function", () => {
    template.resourcePropertiesCountIs("AWS::Lambda::Permission", { Principal: "apigateway.amazonaws.com" }, 2);
    template.resourceCountIs("AWS::Lambda::Permission", 2);
  });

  it("lets this account's scheduler alone take the schedules' role", () => {
    template.hasResourceProperties("AWS::IAM::Role", {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
          },
        ],
      },
    });
  });
});
