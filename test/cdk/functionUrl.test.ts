import { Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { functionId, gatewayStack, gatewayTemplate, idOf } from "./gatewayTemplate.ts";

const PROPS = { webhookDoor: "function-url", webhookReservedConcurrency: 20 } as const;

// GIVEN the template of a gateway with a function URL, and of one with every default
const template = gatewayTemplate(PROPS);
const usual = gatewayTemplate();
const webhook = functionId(template, "webhook");
/** A template without the hashes of what is not bundled here. */
const textOf = (of: Template) => JSON.stringify(of.toJSON()).replaceAll(/[0-9a-f]{64}/g, "hash");
const countsOf = (of: Template) => {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values<{ Type: string }>(of.toJSON().Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
};

describe("a gateway whose webhooks come in by a function URL", () => {
  it("has no HTTP API and no access log, and else what every gateway has", () => {
    const {
      "AWS::ApiGatewayV2::Api": _api,
      "AWS::ApiGatewayV2::Integration": _integration,
      "AWS::ApiGatewayV2::Route": _routes,
      "AWS::ApiGatewayV2::Stage": _stage,
      "AWS::Logs::LogGroup": logs = 0,
      ...others
    } = countsOf(usual);

    expect(countsOf(template)).toEqual({ ...others, "AWS::Logs::LogGroup": logs - 1, "AWS::Lambda::Url": 1 });
  });

  it("has one public address, of the webhook function, which answers when it is done", () => {
    template.hasResourceProperties("AWS::Lambda::Url", {
      AuthType: "NONE",
      InvokeMode: "BUFFERED",
      TargetFunctionArn: { "Fn::GetAtt": [webhook, "Arn"] },
      Cors: Match.absent(),
    });
  });

  it("lets anybody call that address, by the two permissions that AWS asks for, and the function in no other way", () => {
    const permissions = Object.values(template.findResources("AWS::Lambda::Permission"));

    const anybody = { FunctionName: { "Fn::GetAtt": [webhook, "Arn"] }, Principal: "*" };
    expect(permissions.map(({ Properties }) => Properties)).toEqual([
      { ...anybody, Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
      { ...anybody, Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true },
    ]);
  });

  it("keeps webhookReservedConcurrency for the function, which is all that holds calls back", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      ReservedConcurrentExecutions: 20,
      Environment: { Variables: { INBOUND_QUEUE_URL: Match.anyValue() } },
      Role: { "Fn::GetAtt": [idOf(template, "AWS::IAM::Role", "WebhookFunctionRole"), "Arn"] },
    });
  });

  it("tells the operator's tools the address without the slash that AWS ends the function's own with", () => {
    const url = { "Fn::GetAtt": [idOf(template, "AWS::Lambda::Url", ""), "FunctionUrl"] };
    const host = { "Fn::Select": [2, { "Fn::Split": ["/", url] }] };

    expect(template.findOutputs("WebhookUrl").WebhookUrl?.Value).toEqual({
      "Fn::Join": ["", ["https://", host, "/webhooks"]],
    });
  });

  it("rings webhook-failures at five 5xx of that address in five minutes, and says nothing of throttles there", () => {
    const { Properties: alarm } = alarmOf("Test-webhook-failures");

    expect(alarm).toMatchObject({
      ...{ Namespace: "AWS/Lambda", MetricName: "Url5xxCount", Statistic: "Sum", Period: 300, Threshold: 5 },
      ...{ Dimensions: [{ Name: "FunctionName", Value: { Ref: webhook } }], TreatMissingData: "notBreaching" },
    });
    expect(JSON.stringify(alarm.AlarmDescription)).not.toMatch(/throttle/);
  });

  it("rings webhook-throttles at calls beyond the concurrency, which are 429 there, and names the prop to raise", () => {
    const { Properties: alarm } = alarmOf("Test-webhook-throttles");

    expect(alarm).toMatchObject({ MetricName: "Throttles", Dimensions: [{ Value: { Ref: webhook } }] });
    expect(JSON.stringify(alarm.AlarmDescription)).toMatch(/429.*webhookReservedConcurrency.*aws logs tail/s);
    expect(JSON.stringify(alarmOf("Test-message-throttles"))).not.toMatch(/429/);
  });

  it("shows the address's calls on the dashboard", () => {
    const given = gatewayTemplate({ ...PROPS, dashboard: true });
    const [dashboard] = Object.values(given.findResources("AWS::CloudWatch::Dashboard"));
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);

    for (const name of ["UrlRequestCount", "Url4xxCount", "Url5xxCount"]) expect(body).toContain(name);
    expect(body).not.toContain("ApiGateway");
  });

  it("has no API that a team could add to", () => {
    expect(gatewayStack(PROPS).gateway.ingress.api).toBeUndefined();
  });

  function alarmOf(AlarmName: string) {
    const [alarm] = Object.values(template.findResources("AWS::CloudWatch::Alarm", { Properties: { AlarmName } }));
    if (!alarm) throw new Error(`no alarm is named ${AlarmName}`);
    return alarm;
  }
});

describe("a gateway whose webhooks come in by the HTTP API", () => {
  it("is every gateway that says nothing, and keeps its address: the API has the id that it has always had", () => {
    expect(textOf(usual)).toEqual(textOf(gatewayTemplate({ webhookDoor: "http-api" })));
    expect(Object.keys(usual.findResources("AWS::ApiGatewayV2::Api"))).toEqual(["GatewayWebhookApi10F5F247"]);
    usual.resourceCountIs("AWS::Lambda::Url", 0);
  });

  it("has the API for what a team adds to it, such as a domain of its own", () => {
    expect(gatewayStack().gateway.ingress.api?.node.id).toBe("Api");
  });
});
