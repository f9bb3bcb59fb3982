/**
 * Trigger: the HTTP API, a route for each platform: `ANY /webhooks/<name>`.
 * Effect: the call is verified and its messages are queued, before it is acknowledged.
 * On failure: a bad call is refused and changes nothing; when it could not be queued the answer is 5xx, so that the
 * platform sends it again.
 */

import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import given from "#config";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { once } from "../lib/runtime/async.ts";
import { handlerSettings, queueFromEnvironment, servicesFromEnvironment } from "../lib/services/environment.ts";
import type { Queue, Services } from "../lib/services/Services.ts";
import { acceptWebhook } from "../lib/webhook/acceptWebhook.ts";
import { toProblem, toWebhookRequest } from "../lib/webhook/toProblem.ts";

/** Makes the handler from its services and the inbound queue. */
export function createHandler(build: () => { readonly services: Services; readonly inbound: Queue }) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(handlerSettings).handler(async (event) => {
    const { services, inbound } = build();
    // By a variable, while a deploy has not yet replaced the one route that an older stack has for all of them.
    const platform = event.pathParameters?.platform ?? event.routeKey.slice(event.routeKey.lastIndexOf("/") + 1);
    try {
      const { status, ...rest } = await acceptWebhook(services, inbound, platform, toWebhookRequest(event));
      return { statusCode: status, ...rest };
    } catch (error) {
      return toProblem(services.log, platform, error);
    }
  });
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(
  once(() => ({
    services: servicesFromEnvironment(config, "webhook"),
    inbound: queueFromEnvironment("INBOUND_QUEUE_URL"),
  })),
);
