import { Key } from "aws-cdk-lib/aws-kms";
import { describe, expect, it } from "vitest";
import { chat } from "../../lib/agents/chat/chat.ts";
import { defineConfig, secret } from "../../lib/index.ts";
import { agentcore } from "../../lib/memory/agentcore/agentcore.ts";
import { eventbridge } from "../../lib/memory/eventbridge/eventbridge.ts";
import { bedrock } from "../../lib/models/bedrock/bedrock.ts";
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

  it("lets expiry read the stream and the index, work the items, make the visits that it queues, see and fill the session-end queues, and read no secret", () => {
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
        ...consume("ExpiryVisitQueue"),
        "sqs:SendMessage on ExpiryVisitQueue",
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

describe("the policy of a function with an adapter that works in AWS", () => {
  const withModel = (options: Parameters<typeof bedrock>[0]) => {
    const given = defineConfig({ platforms: {}, agent: chat({ model: bedrock(options) }) });
    return gatewayTemplate({ config: given });
  };
  const bedrockGrants = (given: ReturnType<typeof withModel>, name: string) =>
    grantsOf(given, name).filter((grant) => grant.startsWith("bedrock:"));

  it("lets the message function call the agent's model, and no other function any", () => {
    const given = withModel({ model: "amazon.nova-lite-v1:0" });

    expect(bedrockGrants(given, "message")).toEqual([
      "bedrock:InvokeModel on arn:<AWS::Partition>:bedrock:<AWS::Region>::foundation-model/amazon.nova-lite-v1:0",
      "bedrock:InvokeModelWithResponseStream on arn:<AWS::Partition>:bedrock:<AWS::Region>::foundation-model/amazon.nova-lite-v1:0",
    ]);
    for (const name of ["webhook", "expiry", "session-end"]) expect(bedrockGrants(given, name)).toEqual([]);
  });

  it("grants an inference profile in this account, and its model in whichever region AWS chooses", () => {
    const given = withModel({ model: "eu.amazon.nova-lite-v1:0", region: "eu-central-1" });

    expect(bedrockGrants(given, "message")).toEqual([
      "bedrock:InvokeModel on arn:<AWS::Partition>:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
      "bedrock:InvokeModel on arn:<AWS::Partition>:bedrock:eu-central-1:<AWS::AccountId>:inference-profile/eu.amazon.nova-lite-v1:0",
      "bedrock:InvokeModelWithResponseStream on arn:<AWS::Partition>:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
      "bedrock:InvokeModelWithResponseStream on arn:<AWS::Partition>:bedrock:eu-central-1:<AWS::AccountId>:inference-profile/eu.amazon.nova-lite-v1:0",
    ]);
  });

  it("lets one function write the events of an AgentCore memory, and another read its records", () => {
    const memory = agentcore({ memoryId: "gateway_memory-Ab12Cd34Ef", namespace: "/users/{actorId}/" });
    const given = gatewayTemplate({ config: defineConfig({ platforms: {}, memory: { memory } }) });
    const arn =
      "arn:<AWS::Partition>:bedrock-agentcore:<AWS::Region>:<AWS::AccountId>:memory/gateway_memory-Ab12Cd34Ef";

    const agentCoreGrants = (name: string) => grantsOf(given, name).filter((grant) => grant.includes("agentcore:"));
    expect(agentCoreGrants("message")).toEqual([`bedrock-agentcore:RetrieveMemoryRecords on ${arn}`]);
    expect(agentCoreGrants("session-end")).toEqual([`bedrock-agentcore:CreateEvent on ${arn}`]);
    for (const name of ["webhook", "expiry"]) expect(agentCoreGrants(name)).toEqual([]);
  });

  it("lets the session-end function alone put events on a bus, and objects into its folder of a bucket", () => {
    const memory = eventbridge({ bus: "sessions", bucket: "acme-sessions" });
    const given = gatewayTemplate({ config: defineConfig({ platforms: {}, memory: { memory } }) });

    const ownGrants = (name: string) => grantsOf(given, name).filter((grant) => /^(events|s3):/.test(grant));
    expect(ownGrants("session-end")).toEqual([
      "events:PutEvents on arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/sessions",
      "s3:PutObject on arn:<AWS::Partition>:s3:::acme-sessions/vesper/*",
    ]);
    for (const name of ["webhook", "message", "expiry"]) expect(ownGrants(name)).toEqual([]);
  });

  it("grants nothing but the secret for a model with a key of its own", () => {
    const given = withModel({ model: "amazon.nova-lite-v1:0", key: secret("BEDROCK_KEY") });

    expect(bedrockGrants(given, "message")).toEqual([]);
    expect(grantsOf(given, "message")).toContain(parameter("BEDROCK_KEY"));
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
