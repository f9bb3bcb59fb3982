import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { WebhookRequest } from "../adapter/Platform.ts";

/**
 * The name of the platform that a call is for: by the route's variable, while a deploy has not yet replaced the one route
 * that an older stack has for all of them.
 */
export function platformOf({ pathParameters, routeKey }: APIGatewayProxyEventV2): string {
  return pathParameters?.platform ?? routeKey.slice(routeKey.lastIndexOf("/") + 1);
}

/** A webhook call from the HTTP API's event (payload format 2.0). The body is the exact bytes that came in. */
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
