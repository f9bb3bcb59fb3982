/**
 * Trigger: the inbound FIFO queue, one message at a time.
 * Effect: the message becomes a stored turn of its conversation's session, and its reply is sent; or a failed reply is
 * sent again, as an operator wishes.
 * On failure: the message comes back and goes on where it stopped; what can't be worked is on the
 * dead-letter queue within 40 minutes.
 */

import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import given from "#config";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { jobSchema } from "../lib/domain/InboundJob.ts";
import { takeJob } from "../lib/message/takeJob.ts";
import { workQueue } from "../lib/queues/workQueue.ts";
import { once } from "../lib/runtime/async.ts";
import { queueFromEnvironment, servicesFromEnvironment } from "../lib/services/environment.ts";
import { handlerSettings } from "../lib/services/handlerSettings.ts";
import { answerBatch } from "../lib/services/middlewares/answerBatch.ts";
import { asLambda } from "../lib/services/middlewares/asLambda.ts";
import { provide } from "../lib/services/middlewares/provide.ts";
import { setDeadline } from "../lib/services/middlewares/setDeadline.ts";
import type { Queue, Services } from "../lib/services/Services.ts";

/** Makes the handler from its services and the inbound queue. */
export function createHandler(build: () => { readonly services: Services; readonly inbound: Queue }) {
  const handler = middy<SQSEvent, readonly string[]>(handlerSettings)
    .use(provide(build))
    .use(setDeadline())
    .use(answerBatch())
    .handler(({ Records }, { services, inbound, deadline }) =>
      workQueue(services, inbound, Records, jobSchema, deadline, (job, attempt) => takeJob(services, job, attempt)),
    );
  return asLambda<SQSEvent, SQSBatchResponse>(handler);
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(
  once(() => ({
    services: servicesFromEnvironment(config, "message"),
    inbound: queueFromEnvironment("INBOUND_QUEUE_URL"),
  })),
);
