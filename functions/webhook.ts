/**
 * Trigger: the HTTP API, a route for each platform: `ANY /webhooks/<name>`; or the function's own URL, for any path.
 * Effect: the call is verified and its messages are queued, before it is acknowledged.
 * On failure: a bad call is refused and changes nothing; when it could not be queued the answer is 5xx, so that the
 * platform sends it again.
 */

import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import given from "#config";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { once } from "../lib/runtime/async.ts";
import type { SendBatch } from "../lib/runtime/aws/postBatch.ts";
import { edgeFromEnvironment } from "../lib/services/edgeFromEnvironment.ts";
import { handlerSettings } from "../lib/services/handlerSettings.ts";
import { asLambda } from "../lib/services/middlewares/asLambda.ts";
import { provide } from "../lib/services/middlewares/provide.ts";
import type { EdgeServices } from "../lib/services/Services.ts";
import { acceptWebhook } from "../lib/webhook/acceptWebhook.ts";
import { answerProblem } from "../lib/webhook/answerProblem.ts";
import { platformOf, requestOf } from "../lib/webhook/webhookCall.ts";

/** Makes the handler from its services and the inbound queue. */
export function createHandler(build: () => { readonly services: EdgeServices; readonly inbound: SendBatch }) {
  const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(handlerSettings)
    .use(provide(build))
    .use(answerProblem())
    .handler(async (event, { services, inbound }) => {
      const { status, ...rest } = await acceptWebhook(services, inbound, platformOf(event), requestOf(event));
      return { statusCode: status, ...rest };
    });
  return asLambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(handler);
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(once(() => edgeFromEnvironment(config)));
