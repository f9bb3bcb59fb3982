/**
 * Triggers: the table's stream (conversations that ended), each minute (sweep), every ten minutes (retention).
 * Effect: ended sessions are sealed and their hooks enqueued; whatever is due is expired, sealed or enqueued again;
 * sessions whose retention is over are deleted.
 * On failure: the stream repeats the records that failed; what is given up there, and every failed visit, is still due
 * in the table, so the next sweep makes it good.
 */

import middy from "@middy/core";
import type { Context, DynamoDBBatchResponse } from "aws-lambda";
import given from "#config";
import { parse } from "../lib/adapter/schema/parse.ts";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { type ExpiryEvent, expiryEventSchema } from "../lib/expiry/ExpiryEvent.ts";
import { purge } from "../lib/expiry/purge.ts";
import { sealFromStream } from "../lib/expiry/sealFromStream.ts";
import { sweep } from "../lib/expiry/sweep.ts";
import type { SessionEndQueues } from "../lib/queues/sessionEndQueues.ts";
import { once } from "../lib/runtime/async.ts";
import { coreFromEnvironment, handlerSettings, queuesFromEnvironment } from "../lib/services/environment.ts";
import type { CoreServices } from "../lib/services/Services.ts";

/** Makes the handler from its services and the session-end queues. */
export function createHandler(build: () => { readonly services: CoreServices; readonly sessionEnd: SessionEndQueues }) {
  return middy<ExpiryEvent, DynamoDBBatchResponse | undefined>(handlerSettings).handler(
    async (raw, context: Context) => {
      const { services, sessionEnd } = build();
      const deadline = services.clock.now() + context.getRemainingTimeInMillis();
      const event = parse(expiryEventSchema, raw);
      if ("Records" in event) {
        const failed = await sealFromStream(services, sessionEnd, event.Records);
        return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      }
      await (event.type === "sweep" ? sweep(services, sessionEnd, deadline, event) : purge(services, deadline));
      return undefined;
    },
  );
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(
  once(() => ({
    services: coreFromEnvironment(config),
    sessionEnd: queuesFromEnvironment("SESSION_END_QUEUE_URLS"),
  })),
);
