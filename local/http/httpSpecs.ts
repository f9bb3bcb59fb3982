import * as v from "valibot";

/** What the runner reads of an `AWS::ApiGatewayV2::Route`: its target is `integrations/<id>`. */
export const routeSpec = v.object({ RouteKey: v.string(), Target: v.string() });

/** What the runner reads of an `AWS::ApiGatewayV2::Integration`: its address is the function's ARN. */
export const integrationSpec = v.object({
  IntegrationUri: v.string(),
  IntegrationType: v.literal("AWS_PROXY"),
  PayloadFormatVersion: v.literal("2.0"),
});
