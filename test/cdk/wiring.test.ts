import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import { defineConfig } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { resolveValue } from "../../local/template/resolveValue.ts";
import { config, functionId, functionOf, gatewayTemplate, idOf } from "./gatewayTemplate.ts";

// GIVEN the gateway's template and the one description of what calls its functions
const template = gatewayTemplate();
const { inbound, sessionEnd, visits, stream, schedules, timeouts } = wiring;
const arnOf = (type: string, part: string) => ({ "Fn::GetAtt": [idOf(template, type, part), "Arn"] });

/** The template's config with other memory providers. */
const withMemory = (memory: Parameters<typeof defineConfig>[0]["memory"]) =>
  defineConfig({ platforms: config.platforms, ...(memory ? { memory } : {}) });

/** The event source mappings of a function, whole. */
function mappingsOf(name: string): readonly unknown[] {
  const mappings = template.findResources("AWS::Lambda::EventSourceMapping", {
    Properties: { FunctionName: { Ref: functionId(template, name) } },
  });
  return Object.values(mappings).map(({ Properties }) => Properties);
}

describe("the template, which says the same as the wiring,", () => {
  it.each([
    ["message", inbound, "InboundQueue", 100],
    ["session-end", sessionEnd, "SessionEndQueue", 50],
  ])("has the event source of %s, with every setting", (name, source, queue, concurrency) => {
    expect(mappingsOf(name)).toEqual([
      {
        BatchSize: source.batchSize,
        EventSourceArn: arnOf("AWS::SQS::Queue", queue),
        FunctionName: { Ref: functionId(template, name) },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ScalingConfig: { MaximumConcurrency: concurrency },
      },
    ]);
  });

  it.each([
    ["InboundQueue", "InboundDeadLetterQueue", inbound],
    ["SessionEndQueue", "SessionEndDeadLetterQueue", sessionEnd],
  ])("has the visibility, retention and receives of %s, and keeps its DLQ messages as long", (name, dead, source) => {
    const queues = template.findResources("AWS::SQS::Queue");
    expect(queues[idOf(template, "AWS::SQS::Queue", name)]?.Properties).toMatchObject({
      VisibilityTimeout: source.visibilityTimeout,
      MessageRetentionPeriod: source.retention,
      RedrivePolicy: {
        deadLetterTargetArn: arnOf("AWS::SQS::Queue", dead),
        maxReceiveCount: source.maxReceiveCount,
      },
    });
    expect(queues[idOf(template, "AWS::SQS::Queue", dead)]?.Properties.MessageRetentionPeriod).toBe(source.retention);
  });

  it("has a queue and a limit of deliveries for each memory provider, and one dead-letter queue for all", () => {
    const memory = { crm: builtin(), "crm-2": builtin(), wiki: builtin() };
    const several = gatewayTemplate({ config: withMemory(memory), sessionEndConcurrency: 2 });
    const queues = several.findResources("AWS::SQS::Queue");
    const own = Object.keys(queues).filter((id) => id.includes("SessionEndQueue"));
    expect(own).toHaveLength(3);
    const dead = idOf(several, "AWS::SQS::Queue", "SessionEndDeadLetterQueue");
    for (const id of own) {
      expect(queues[id]?.Properties.RedrivePolicy.deadLetterTargetArn).toEqual({ "Fn::GetAtt": [dead, "Arn"] });
      several.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
        EventSourceArn: { "Fn::GetAtt": [id, "Arn"] },
        FunctionName: { Ref: functionId(several, "session-end") },
        ScalingConfig: { MaximumConcurrency: 2 },
      });
    }
    // What the functions read of it: the address of each by its provider.
    const urls = resolveValue(
      functionOf(several, "session-end").Environment.Variables.SESSION_END_QUEUE_URLS,
      (id) => id,
    );
    expect(Object.keys(JSON.parse(String(urls)))).toEqual(Object.keys(memory));
    expect(Object.values(JSON.parse(String(urls))).toSorted()).toEqual(own.toSorted());
    expect(functionOf(several, "expiry").Environment.Variables.SESSION_END_QUEUE_URLS).toEqual(
      functionOf(several, "session-end").Environment.Variables.SESSION_END_QUEUE_URLS,
    );
  });

  it("has no session-end queue without a memory provider", () => {
    const none = gatewayTemplate({ config: withMemory({}) });
    expect(Object.keys(none.findResources("AWS::SQS::Queue")).filter((id) => id.includes("SessionEndQueue"))).toEqual(
      [],
    );
    expect(functionOf(none, "expiry").Environment.Variables.SESSION_END_QUEUE_URLS).toBe("{}");
  });

  it("has a FIFO inbound queue of high throughput, and session-end queues that are not FIFO", () => {
    const fifo = { FifoQueue: true, DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" };
    const ids = Object.keys(template.findResources("AWS::SQS::Queue", { Properties: fifo }));

    expect(ids.sort()).toEqual(
      ["InboundDeadLetterQueue", "InboundQueue"].map((part) => idOf(template, "AWS::SQS::Queue", part)),
    );
  });

  it("gives expiry the stream's ended sessions and nothing else, from the start, split and given up into a queue", () => {
    expect(mappingsOf("expiry")).toContainEqual({
      BatchSize: stream.batchSize,
      BisectBatchOnFunctionError: stream.bisectBatchOnError,
      DestinationConfig: { OnFailure: { Destination: arnOf("AWS::SQS::Queue", "StreamFailures") } },
      EventSourceArn: { "Fn::GetAtt": [idOf(template, "AWS::DynamoDB::Table", "Table"), "StreamArn"] },
      FilterCriteria: { Filters: stream.filters.map((filter) => ({ Pattern: JSON.stringify(filter) })) },
      FunctionName: { Ref: functionId(template, "expiry") },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumBatchingWindowInSeconds: stream.maxBatchingWindow,
      MaximumRecordAgeInSeconds: stream.maxRecordAge,
      MaximumRetryAttempts: stream.retryAttempts,
      ParallelizationFactor: stream.parallelizationFactor,
      StartingPosition: stream.startingPosition,
    });
  });

  it.each([1, 8] as const)("has a queue of visits, of which %i sweeps have two messages each at once", (sweeps) => {
    const shared = gatewayTemplate({ sweeps });
    shared.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: visits.batchSize,
      EventSourceArn: { "Fn::GetAtt": [idOf(shared, "AWS::SQS::Queue", "VisitQueue"), "Arn"] },
      FunctionName: { Ref: functionId(shared, "expiry") },
      ScalingConfig: { MaximumConcurrency: visits.batchesASweep * sweeps },
    });
    expect(
      shared.findResources("AWS::SQS::Queue")[idOf(shared, "AWS::SQS::Queue", "VisitQueue")]?.Properties,
    ).toMatchObject({
      VisibilityTimeout: visits.visibilityTimeout,
      MessageRetentionPeriod: visits.retention,
    });
  });

  it.each([
    ["Sweep", { ...schedules.sweep, input: { type: "sweep", part: 0, of: 1 } }],
    ["Retention", schedules.retention],
  ])("has the schedule of %s", (_id, schedule) => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: schedule.expression,
      State: "ENABLED",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: { "Fn::GetAtt": [functionId(template, "expiry"), "Arn"] },
        Input: JSON.stringify(schedule.input),
        RetryPolicy: {
          MaximumRetryAttempts: schedule.retryAttempts,
          MaximumEventAgeInSeconds: schedule.maxEventAge,
        },
      },
    });
  });

  it.each([1, 2, 4, 8] as const)("has a schedule and an alarm for each part of %i sweeps", (of) => {
    const shared = gatewayTemplate({ sweeps: of });

    const inputs = Object.values(shared.findResources("AWS::Scheduler::Schedule")).map(({ Properties }) =>
      JSON.parse(Properties.Target.Input),
    );
    expect(inputs).toEqual([
      ...Array.from({ length: of }, (_, part) => ({ type: "sweep", part, of })),
      { type: "retention" },
    ]);
    const alarms = Object.values(
      shared.findResources("AWS::CloudWatch::Alarm", { Properties: { MetricName: "SweepDone" } }),
    ).map(({ Properties }) => [Properties.AlarmName, Properties.Dimensions]);
    const gateway = { Name: "Gateway", Value: "Test" };
    expect(alarms).toEqual(
      of === 1
        ? [["Test-sweep-not-running", [gateway]]]
        : Array.from({ length: of }, (_, part) => [
            `Test-sweep-${part}-not-running`,
            [gateway, { Name: "Part", Value: String(part) }],
          ]),
    );
    const names = JSON.stringify(shared.findOutputs("SweepScheduleName"));
    expect(names.match(/"Ref"/g)).toHaveLength(of);
  });

  it("does not repeat a failed sweep, since the next comes within the minute", () => {
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: functionId(template, "expiry") },
      MaximumRetryAttempts: schedules.sweep.retryAttempts,
      MaximumEventAgeInSeconds: schedules.sweep.maxEventAge,
    });
  });

  it.each([
    ["webhook", timeouts.webhook],
    ["message", timeouts.message],
    ["expiry", timeouts.expiry],
    ["session-end", timeouts.sessionEnd],
  ])("has the time limit of %s", (name, timeout) => {
    expect(functionOf(template, name).Timeout).toBe(timeout);
  });

  it("has a webhook route for each platform of the config, and none for any other name", () => {
    const routes = Object.values(template.findResources("AWS::ApiGatewayV2::Route"));
    const integration = {
      "Fn::Join": ["", ["integrations/", { Ref: idOf(template, "AWS::ApiGatewayV2::Integration", "") }]],
    };
    expect(routes.map(({ Properties: { RouteKey, Target } }) => [RouteKey, Target])).toEqual([
      ["ANY /webhooks/http", integration],
      ["ANY /webhooks/telegram", integration],
    ]);
    template.hasResourceProperties("AWS::ApiGatewayV2::Integration", {
      IntegrationType: "AWS_PROXY",
      IntegrationUri: { "Fn::GetAtt": [functionId(template, "webhook"), "Arn"] },
      PayloadFormatVersion: "2.0",
    });
  });

  it("has one sparse index of the table, by state and time, of keys only", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
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
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
  });
});
