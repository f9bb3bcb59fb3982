import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { describe, expect, it } from "vitest";
import { SessionGateway } from "../../cdk/SessionGateway.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { mcp } from "../../lib/memory/mcp/mcp.ts";
import { CONFIG_PATH, config, functionId, functionOf, gatewayTemplate, quickApp } from "./gatewayTemplate.ts";

const untyped = (value: unknown): never => value as never;

describe("SessionGateway", () => {
  it.each([
    [
      "refuses a rate of 0",
      { webhookThrottle: { rate: 0 } },
      "webhookThrottle.rate must be a whole number from 1 to 10000, but 0 was provided",
    ],
    [
      "refuses half a call",
      { webhookThrottle: { rate: 1.5 } },
      "webhookThrottle.rate must be a whole number from 1 to 10000, but 1.5 was provided",
    ],
    [
      "refuses a large burst",
      { webhookThrottle: { burst: 5001 } },
      "webhookThrottle.burst must be a whole number from 1 to 5000, but 5001 was provided",
    ],
    [
      "refuses a webhook function that never runs",
      { webhookReservedConcurrency: 0 },
      "webhookReservedConcurrency must be a whole number from 1 to 1000, but 0 was provided",
    ],
    [
      "refuses another door than the two that there are",
      { webhookDoor: untyped("rest-api") },
      "webhookDoor must be one of http-api, function-url, but rest-api was provided",
    ],
    [
      "refuses a function URL that nothing holds back",
      { webhookDoor: "function-url" as const },
      'webhookReservedConcurrency must be a whole number from 1 to 1000 with webhookDoor "function-url", but none was provided: nothing else holds calls back there',
    ],
    [
      "refuses a throttle that a function URL does not have",
      { webhookDoor: "function-url" as const, webhookReservedConcurrency: 20, webhookThrottle: { rate: 100 } },
      'webhookThrottle must be left out with webhookDoor "function-url", but {"rate":100} was provided',
    ],
    [
      "refuses an expiry function without place for the sweeps beside the stream",
      { expiryReservedConcurrency: 22, sweeps: 4 as const },
      "expiryReservedConcurrency must be a whole number from 23 to 1000, but 22 was provided",
    ],
    [
      "refuses less memory than a function can have",
      { messageMemorySize: 64 },
      "messageMemorySize must be a whole number from 128 to 10240, but 64 was provided",
    ],
    [
      "refuses one turn at once",
      { inboundConcurrency: 1 },
      "inboundConcurrency must be a whole number from 2 to 1000, but 1 was provided",
    ],
    [
      "refuses too many deliveries at once",
      { sessionEndConcurrency: 1001 },
      "sessionEndConcurrency must be a whole number from 2 to 1000, but 1001 was provided",
    ],
    [
      "refuses more providers than a function's environment has room for",
      { config: providers(21) },
      "config.memory must have at most 20 providers, but 21 were provided",
    ],
    ["refuses a sweep for each third", { sweeps: untyped(3) }, "sweeps must be one of 1, 2, 4, 8, but 3 was provided"],
    [
      "refuses a retention that CloudWatch has not",
      { logRetention: untyped(31) },
      "logRetention must be one of 1, 3, 5, 7, 14, 30,",
    ],
    [
      "refuses an unknown log level",
      { logLevel: untyped("debug") },
      "logLevel must be one of info, warn, error, but debug was provided",
    ],
    [
      "refuses a key that it could not grant",
      { tableEncryption: TableEncryption.CUSTOMER_MANAGED },
      "tableEncryption must be one of AWS_OWNED, AWS_MANAGED, but CUSTOMER_MANAGED was provided",
    ],
    [
      "refuses a snapshot of a table",
      { removalPolicy: RemovalPolicy.SNAPSHOT },
      "removalPolicy must be one of retain, destroy, but snapshot was provided",
    ],
    [
      "refuses to destroy what is protected",
      { removalPolicy: RemovalPolicy.DESTROY },
      "deletionProtection must be false when removalPolicy is destroy, but true was provided",
    ],
    [
      "refuses a relative path",
      { configPath: "vesper.config.ts" },
      'configPath must be an absolute path, but "vesper.config.ts" was provided',
    ],
  ])("%s", (_what, props, message) => {
    expect(() => gatewayTemplate(props)).toThrow(message);
  });

  it("refuses everything that is wrong at once, each with its own path", () => {
    const wrong = () => gatewayTemplate({ inboundConcurrency: 0, sessionEndConcurrency: 0 });

    expect(wrong).toThrow(
      /^the props of Test\/Gateway are wrong:\n {2}inboundConcurrency .*\n {2}sessionEndConcurrency /,
    );
  });

  it("refuses to deploy a provider that works on one's own machine alone, and plays it there", () => {
    const server = { command: "npx", args: ["-y", "@modelcontextprotocol/server-memory"] };
    const store = [{ tool: "remember", arguments: { who: "{user}", what: "{transcript}" } }];
    const given = { ...config, memory: { notes: mcp({ server, tools: { store } }) } };
    const stack = new Stack(new App(), "Deployed");

    expect(() => new SessionGateway(stack, "Gateway", { config: given, configPath: CONFIG_PATH })).toThrow(
      "config.memory.notes must not be deployed: it starts a program, which a deployed function does not have: " +
        "name the url of a server that speaks streamable HTTP",
    );
    expect(() => gatewayTemplate({ config: defineConfig({ platforms: {}, memory: given.memory }) })).not.toThrow();
  });

  it("refuses a second gateway in a stack, as secrets, metrics and alarms go by the stack's name", () => {
    const stack = new Stack(quickApp(), "Two");
    new SessionGateway(stack, "One", { config, configPath: CONFIG_PATH });

    expect(() => new SessionGateway(stack, "Other", { config, configPath: CONFIG_PATH })).toThrow(
      "a stack must hold one gateway, but Two/One is in it already",
    );
  });
});

describe("SessionGateway, by its props,", () => {
  it("throttles webhooks by webhookThrottle", () => {
    gatewayTemplate({ webhookThrottle: { rate: 1000, burst: 3000 } }).hasResourceProperties(
      "AWS::ApiGatewayV2::Stage",
      {
        DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 3000 },
        RouteSettings: { "ANY /webhooks/telegram": { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 3000 } },
      },
    );
  });

  it("keeps webhookReservedConcurrency and expiryReservedConcurrency for these functions, and none for others unless that is said", () => {
    const template = gatewayTemplate({ webhookReservedConcurrency: 20, expiryReservedConcurrency: 14 });
    const reserved = (of: Template, name: string) =>
      of.toJSON().Resources[functionId(of, name)].Properties.ReservedConcurrentExecutions;

    const names = ["webhook", "message", "expiry", "session-end"];
    expect(names.map((name) => reserved(template, name))).toEqual([20, undefined, 14, undefined]);
    expect(names.map((name) => reserved(gatewayTemplate(), name))).toEqual(names.map(() => undefined));
  });

  it("limits the event sources by inboundConcurrency and sessionEndConcurrency", () => {
    const template = gatewayTemplate({ inboundConcurrency: 2, sessionEndConcurrency: 1000 });

    for (const [name, concurrency] of [["message", 2] as const, ["session-end", 1000] as const]) {
      template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        FunctionName: { Ref: functionId(template, name) },
        ScalingConfig: { MaximumConcurrency: concurrency },
      });
    }
  });

  it("limits the event source of a provider that states how many deliveries it takes at once, and no other", () => {
    const server = { url: "https://memory.example.com/mcp" };
    const store = [{ tool: "remember", arguments: { who: "{user}", what: "{transcript}" } }];
    const memory = { notes: mcp({ server, tools: { store }, concurrency: 5 }), rows: builtin() };
    const limitsOf = (props: Parameters<typeof gatewayTemplate>[0]) =>
      Object.values(gatewayTemplate(props).findResources("AWS::Lambda::EventSourceMapping"))
        .filter(({ Properties: { EventSourceArn: arn } }) => JSON.stringify(arn).includes("SessionEndQueue"))
        .map(({ Properties: { ScalingConfig: scaling } }) => scaling.MaximumConcurrency);

    const given = { config: defineConfig({ platforms: {}, memory }) };
    expect(limitsOf(given)).toEqual([5, 50]);
    expect(limitsOf({ ...given, sessionEndConcurrency: 3 })).toEqual([3, 3]);
  });

  it("keeps logs for logRetention, from logLevel on", () => {
    const template = gatewayTemplate({ logRetention: RetentionDays.ONE_WEEK, logLevel: "warn" });

    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 7 });
    expect(functionOf(template, "message").Environment.Variables.LOG_LEVEL).toBe("warn");
  });

  it("encrypts the table by tableEncryption", () => {
    gatewayTemplate({ tableEncryption: TableEncryption.AWS_MANAGED }).hasResourceProperties("AWS::DynamoDB::Table", {
      SSESpecification: { SSEEnabled: true },
    });
  });

  it("leaves nothing behind of a trial by removalPolicy", () => {
    const template = gatewayTemplate({ removalPolicy: RemovalPolicy.DESTROY, deletionProtection: false });

    expect(JSON.stringify(template.toJSON())).not.toMatch(/"DeletionPolicy":"Retain/);
    template.hasResourceProperties("AWS::DynamoDB::Table", { DeletionProtectionEnabled: false });
  });

  it("sends every alarm to alarmTopic, and makes no topic", () => {
    const stack = new Stack(quickApp(), "Own");
    const alarmTopic = Topic.fromTopicArn(stack, "Topic", "arn:aws:sns:eu-west-1:123456789012:pager");
    new SessionGateway(stack, "Gateway", { config, configPath: CONFIG_PATH, alarmTopic });

    const template = Template.fromStack(stack);

    template.resourceCountIs("AWS::SNS::Topic", 0);
    template.allResourcesProperties("AWS::CloudWatch::Alarm", { AlarmActions: [alarmTopic.topicArn] });
  });
});

function providers(count: number) {
  const memory = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, builtin()]));
  return { ...config, memory };
}
