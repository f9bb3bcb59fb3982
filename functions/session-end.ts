/**
 * Trigger: the session-end queue, one job at a time; a job is one sealed session and one memory provider.
 * Effect: the provider gets the transcript, and the ledger its receipt.
 * On failure: the ledger has the reason, and the job comes back by the retry schedule; when that is used up, or no retry
 * can mend it, the hook is dead and its job on the dead-letter queue.
 */

import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import given from "#config";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { deliverHook } from "../lib/hooks/deliverHook.ts";
import { hookJobSchema } from "../lib/hooks/HookJob.ts";
import { handlerSettings } from "../lib/runtime/handlerSettings.ts";
import { once } from "../lib/runtime/once.ts";
import { queueFromEnvironment } from "../lib/runtime/queueFromEnvironment.ts";
import type { Queue, Services } from "../lib/runtime/Services.ts";
import { servicesFromEnvironment } from "../lib/runtime/servicesFromEnvironment.ts";
import { workQueue } from "../lib/runtime/workQueue.ts";

/** What the handler works with. */
interface SessionEndServices {
  readonly services: Services;
  readonly sessionEnd: Queue;
  readonly deadLetters: Queue;
}

/** Makes the handler from its services, its queue and the dead-letter queue. */
export function createHandler(build: () => SessionEndServices) {
  return middy<SQSEvent, SQSBatchResponse>(handlerSettings).handler(({ Records }, context: Context) => {
    const { services, sessionEnd, deadLetters } = build();
    const deadline = services.clock.now() + context.getRemainingTimeInMillis();
    return workQueue(services, sessionEnd, Records, hookJobSchema, deadline, (job) =>
      deliverHook(services, deadLetters, job, deadline),
    );
  });
}

// A config that nobody has checked ends the start, not each message.
const config = definedConfig(given);

export const handler = createHandler(
  once(() => ({
    services: servicesFromEnvironment(config),
    sessionEnd: queueFromEnvironment("SESSION_END_QUEUE_URL"),
    deadLetters: queueFromEnvironment("SESSION_END_DLQ_URL"),
  })),
);
