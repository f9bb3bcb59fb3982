/**
 * Trigger: the session-end queues, one a memory provider, one job at a time; a job is one sealed session and one provider.
 * Effect: the provider gets the transcript, and the ledger its receipt.
 * On failure: the ledger has the reason, and the job comes back by the retry schedule; when that is used up, or no retry
 * can mend it, the hook is dead and its job on the dead-letter queue.
 */

import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import given from "#config";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { hookJobSchema } from "../lib/domain/HookJob.ts";
import { type HookQueues, queueAt } from "../lib/queues/sessionEndQueues.ts";
import { workQueue } from "../lib/queues/workQueue.ts";
import { once } from "../lib/runtime/async.ts";
import { queueFromEnvironment, queuesFromEnvironment, servicesFromEnvironment } from "../lib/services/environment.ts";
import { handlerSettings } from "../lib/services/handlerSettings.ts";
import { answerBatch } from "../lib/services/middlewares/answerBatch.ts";
import { asLambda } from "../lib/services/middlewares/asLambda.ts";
import { provide } from "../lib/services/middlewares/provide.ts";
import { setDeadline } from "../lib/services/middlewares/setDeadline.ts";
import type { Services } from "../lib/services/Services.ts";
import { workHookJob } from "../lib/session-end/workHookJob.ts";

/** Makes the handler from its services, its queues and the dead-letter queue. */
export function createHandler(build: () => { readonly services: Services; readonly queues: HookQueues }) {
  const handler = middy<SQSEvent, readonly string[]>(handlerSettings)
    .use(provide(build))
    .use(setDeadline())
    .use(answerBatch())
    .handler(({ Records }, { services, queues, deadline }) => {
      // The records of one event are of one event source mapping, so of one queue.
      const queue = queueAt(queues.sessionEnd, Records[0]?.eventSourceARN ?? "");
      return workQueue(services, queue, Records, hookJobSchema, deadline, (job) =>
        workHookJob(services, queues, queue, job, deadline),
      );
    });
  return asLambda<SQSEvent, SQSBatchResponse>(handler);
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(
  once(() => ({
    services: servicesFromEnvironment(config, "session-end"),
    queues: {
      sessionEnd: queuesFromEnvironment("SESSION_END_QUEUE_URLS"),
      dlq: queueFromEnvironment("SESSION_END_DLQ_URL"),
    },
  })),
);
