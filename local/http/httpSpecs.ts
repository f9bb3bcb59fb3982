import * as z from "zod/mini";

/** What the runner reads of an `AWS::ApiGatewayV2::Route`: its target is `integrations/<id>`. */
export const routeSpec = z.object({ RouteKey: z.string(), Target: z.string() });

/** What the runner reads of an `AWS::ApiGatewayV2::Integration`: its address is the function's ARN. */
export const integrationSpec = z.object({
  IntegrationUri: z.string(),
  IntegrationType: z.literal("AWS_PROXY"),
  PayloadFormatVersion: z.literal("2.0"),
});
