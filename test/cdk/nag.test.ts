import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { gatewayStack } from "./gatewayTemplate.ts";

describe("cdk-nag's AwsSolutions", () => {
  it.each([
    ["every default", {}],
    ["tracing", { tracing: true }],
    ["a function URL", { webhookDoor: "function-url", webhookReservedConcurrency: 20 } as const],
  ])("finds nothing with %s but what the constructs give a reason for", (_what, props) => {
    const stack = gatewayStack(props);

    const { violations } = new AwsSolutionsChecks().validateScope(stack);

    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });

  it("does look, and finds a queue that takes anything", async () => {
    const { Queue } = await import("aws-cdk-lib/aws-sqs");
    const stack = gatewayStack();
    new Queue(stack, "Careless");

    const { violations } = new AwsSolutionsChecks().validateScope(stack);

    expect(violations.map(({ ruleName }) => ruleName)).toEqual(["AwsSolutions-SQS3", "AwsSolutions-SQS4"]);
  });
});
