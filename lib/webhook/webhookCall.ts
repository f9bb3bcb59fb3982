import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { WebhookRequest } from "../adapter/Platform.ts";

/** A function URL has one route for all paths: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
const ANY_PATH = "$default";

/**
 * The name of the platform that a call is for: by the HTTP API's route, or by the path where a function URL was called. That
 * path may be any; one that is no webhook's stays whole, and no platform is named like a path. The route's variable counts
 * while a deploy has not yet replaced the one route that an older stack has for all platforms.
 */
export function platformOf({ pathParameters, routeKey, rawPath }: APIGatewayProxyEventV2): string {
  const path = routeKey === ANY_PATH ? rawPath : routeKey;
  return pathParameters?.platform ?? path.replace(/^(ANY )?\/webhooks\/(?=[^/]+$)/, "");
}

/** A webhook call from an event of payload format 2.0, whichever door it came by. The body is the exact bytes that came in. */
export function requestOf(event: APIGatewayProxyEventV2): WebhookRequest {
  return {
    method: event.requestContext.http.method,
    url: `https://${event.requestContext.domainName}${event.rawPath}${event.rawQueryString ? `?${event.rawQueryString}` : ""}`,
    headers: definedOnly(event.headers),
    query: definedOnly(event.queryStringParameters ?? {}),
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
  };
}

function definedOnly(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) defined[name.toLowerCase()] = value;
  return defined;
}
