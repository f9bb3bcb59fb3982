import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { gatewayTemplate, idOf } from "./gatewayTemplate.ts";

const joinSchema = v.object({ "Fn::Join": v.strictTuple([v.literal(""), v.array(v.unknown())]) });

/** A text with its references as `<…>`. */
function textOf({ "Fn::Join": [, parts] }: v.InferOutput<typeof joinSchema>): string {
  return parts.map((part) => (typeof part === "string" ? part : "<a name that the deployment gives>")).join("");
}

const alarmSchema = v.object({
  AlarmName: v.string(),
  AlarmDescription: v.union([v.string(), v.pipe(joinSchema, v.transform(textOf))]),
  AlarmActions: v.array(v.unknown()),
  OKActions: v.array(v.unknown()),
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.array(v.object({ Name: v.string(), Value: v.unknown() })),
  Statistic: v.string(),
  Period: v.number(),
  EvaluationPeriods: v.number(),
  Threshold: v.number(),
  ComparisonOperator: v.string(),
  TreatMissingData: v.string(),
});

// GIVEN the alarms of the template, by name
const template = gatewayTemplate();
const alarms = new Map(
  Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) => {
    const alarm = v.parse(alarmSchema, Properties);
    return [alarm.AlarmName.replace("Test-", ""), alarm];
  }),
);
const SIGNS = { GreaterThanOrEqualToThreshold: ">=", LessThanThreshold: "<" };

/** What sets an alarm off, in a line; a bare dimension value is the stack's name. */
function condition(name: string): string | undefined {
  const alarm = alarms.get(name);
  if (!alarm) return undefined;
  const sign =
    SIGNS[v.parse(v.picklist(["GreaterThanOrEqualToThreshold", "LessThanThreshold"]), alarm.ComparisonOperator)];
  const dimensions = alarm.Dimensions.map(({ Name, Value }) => `${Name}=${describeValue(Value)}`).join();
  return (
    `${alarm.Namespace} ${alarm.MetricName} ${dimensions}: ${alarm.Statistic} ${sign} ${alarm.Threshold} ` +
    `in ${alarm.EvaluationPeriods} x ${alarm.Period} s, missing ${alarm.TreatMissingData}`
  );
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return value;
  return /"(?:Gateway)?(\w+?)[0-9A-F]{8}"/.exec(JSON.stringify(value))?.[1] ?? "?";
}

describe("the alarms", () => {
  it.each([
    ["dead-hooks", "Vesper HookDead Gateway=Test: Sum >= 1 in 1 x 300 s, missing notBreaching"],
    ["provider-down", "Vesper BreakerOpen Gateway=Test: Maximum >= 1 in 4 x 300 s, missing notBreaching"],
    [
      "oldest-unfinished-hook",
      "Vesper OldestUnfinishedHookAge Gateway=Test: Maximum >= 3600 in 1 x 300 s, missing notBreaching",
    ],
    ["failed-replies", "Vesper ReplyUnsent Gateway=Test: Sum >= 1 in 1 x 300 s, missing notBreaching"],
    ["failed-turns", "Vesper TurnFailed Gateway=Test: Sum >= 1 in 1 x 300 s, missing notBreaching"],
    [
      "inbound-dead-letters",
      "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=InboundDeadLetterQueue: Maximum >= 1 in 1 x 60 s, missing ignore",
    ],
    [
      "inbound-waiting",
      "AWS/SQS ApproximateAgeOfOldestMessage QueueName=InboundQueue: Maximum >= 900 in 1 x 60 s, missing notBreaching",
    ],
    [
      "session-end-dead-letters",
      "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=SessionEndDeadLetterQueue: Maximum >= 1 in 1 x 60 s, missing ignore",
    ],
    [
      "stream-failures",
      "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=ExpiryStreamFailuresQueue: Maximum >= 1 in 1 x 60 s, missing ignore",
    ],
    [
      "stream-behind",
      "AWS/Lambda IteratorAge FunctionName=ExpiryFunction: Maximum >= 300000 in 3 x 60 s, missing notBreaching",
    ],
    [
      "recovered-sessions",
      "Vesper SessionEnded Gateway=Test,Reason=recovered: Sum >= 1 in 1 x 300 s, missing notBreaching",
    ],
    ["sweep-not-running", "Vesper SweepDone Gateway=Test: Sum < 1 in 1 x 300 s, missing breaching"],
    ["failed-visits", "Vesper VisitFailed Gateway=Test: Sum >= 1 in 3 x 300 s, missing notBreaching"],
    ["retention-not-running", "Vesper PurgeDone Gateway=Test: Sum < 1 in 12 x 300 s, missing breaching"],
    ["purge-failures", "Vesper PurgeFailed Gateway=Test: Sum >= 1 in 1 x 300 s, missing notBreaching"],
    ["webhook-errors", "AWS/Lambda Errors FunctionName=WebhookFunction: Sum >= 3 in 1 x 300 s, missing notBreaching"],
    ["message-errors", "AWS/Lambda Errors FunctionName=InboundFunction: Sum >= 3 in 1 x 300 s, missing notBreaching"],
    ["expiry-errors", "AWS/Lambda Errors FunctionName=ExpiryFunction: Sum >= 3 in 1 x 300 s, missing notBreaching"],
    [
      "session-end-errors",
      "AWS/Lambda Errors FunctionName=SessionEndFunction: Sum >= 3 in 1 x 300 s, missing notBreaching",
    ],
    [
      "webhook-throttles",
      "AWS/Lambda Throttles FunctionName=WebhookFunction: Sum >= 10 in 1 x 300 s, missing notBreaching",
    ],
    [
      "message-throttles",
      "AWS/Lambda Throttles FunctionName=InboundFunction: Sum >= 10 in 1 x 300 s, missing notBreaching",
    ],
    [
      "expiry-throttles",
      "AWS/Lambda Throttles FunctionName=ExpiryFunction: Sum >= 10 in 1 x 300 s, missing notBreaching",
    ],
    [
      "session-end-throttles",
      "AWS/Lambda Throttles FunctionName=SessionEndFunction: Sum >= 10 in 1 x 300 s, missing notBreaching",
    ],
    ["webhook-failures", "AWS/ApiGateway 5xx ApiId=WebhookApi: Sum >= 5 in 1 x 300 s, missing notBreaching"],
  ])("ring %s at: %s", (name, expected) => {
    expect(condition(name)).toBe(expected);
  });

  it("are these and no others", () => {
    expect(alarms.size).toBe(24);
  });

  it("tell the topic when they begin and when they are over", () => {
    const topic = [{ Ref: idOf(template, "AWS::SNS::Topic", "AlarmTopic") }];

    for (const { AlarmActions: begins, OKActions: over } of alarms.values())
      expect([begins, over]).toEqual([topic, topic]);
  });

  it.each([...alarms.keys()])(
    "say in %s the impact, likely causes and the next step, which is something to run",
    (name) => {
      const text = alarms.get(name)?.AlarmDescription ?? "";

      expect(text).toMatch(/^Impact: .{20,}\n\nLikely causes: .{20,}\n\nNext step: .*(run|look).*"(npx|aws) .*$/s);
      expect(text.length).toBeLessThanOrEqual(1024);
    },
  );
});
