/**
 * Triggers: the table's stream (conversations that ended), each minute (sweep), the visit queue (sessions that a sweep
 * saw coming), every ten minutes (retention).
 * Effect: ended sessions are sealed and their hooks enqueued; whatever is due is expired, sealed or enqueued again;
 * sessions whose retention is over are deleted.
 * On failure: the stream repeats the records that failed; what is given up there, and every failed visit, is still due
 * in the table, so the next sweep makes it good.
 */

import middy from "@middy/core";
import type { DynamoDBBatchResponse } from "aws-lambda";
import given from "#config";
import { parse } from "../lib/adapter/schema/parse.ts";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { type ExpiryEvent, expiryEventSchema } from "../lib/expiry/ExpiryEvent.ts";
import { HeldVisits } from "../lib/expiry/HeldVisits.ts";
import { purge } from "../lib/expiry/purge.ts";
import { sealFromStream } from "../lib/expiry/sealFromStream.ts";
import { type ExpiryQueues, sweep } from "../lib/expiry/sweep.ts";
import { visitFromQueue } from "../lib/expiry/visitFromQueue.ts";
import { once } from "../lib/runtime/async.ts";
import { coreFromEnvironment, queueFromEnvironment, queuesFromEnvironment } from "../lib/services/environment.ts";
import { handlerSettings } from "../lib/services/handlerSettings.ts";
import { answerBatch } from "../lib/services/middlewares/answerBatch.ts";
import { asLambda } from "../lib/services/middlewares/asLambda.ts";
import { provide } from "../lib/services/middlewares/provide.ts";
import { setDeadline } from "../lib/services/middlewares/setDeadline.ts";
import type { CoreServices } from "../lib/services/Services.ts";

/** What the handler works with. */
interface Provided {
  readonly services: CoreServices;
  readonly queues: ExpiryQueues;
  /** The process's own. */
  readonly held: HeldVisits;
}

/** Makes the handler from its services, its queues, and what sweeps of its process remember. */
export function createHandler(build: () => Provided) {
  const handler = middy<ExpiryEvent, readonly string[] | undefined>(handlerSettings)
    .use(provide(build))
    .use(setDeadline())
    .use(answerBatch())
    .handler(async (raw, { services, queues, held, deadline }) => {
      const event = parse(expiryEventSchema, raw);
      if ("Records" in event) return sealFromStream(services, queues.sessionEnd, event.Records);
      if ("visits" in event) await visitFromQueue(services, queues, event.visits);
      else await (event.type === "sweep" ? sweep(services, queues, held, deadline, event) : purge(services, deadline));
      return undefined;
    });
  return asLambda<ExpiryEvent, DynamoDBBatchResponse | undefined>(handler);
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(
  once(() => ({
    services: coreFromEnvironment(config),
    queues: {
      sessionEnd: queuesFromEnvironment("SESSION_END_QUEUE_URLS"),
      visits: queueFromEnvironment("VISIT_QUEUE_URL"),
    },
    held: new HeldVisits(),
  })),
);
