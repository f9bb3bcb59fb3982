import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in how functions use their queues and their time. */
export const QUEUE_FAULTS: readonly DeliberateFault[] = [
  {
    name: "all providers share one queue",
    file: "lib/queues/sessionEndQueues.ts",
    find: "queues.get(provider) ?? queues",
    by: "queues",
  },
  {
    name: "a webhook is acknowledged whose messages were not queued",
    file: "lib/webhook/acceptWebhook.ts",
    find: "await sendBatches(inbound, entries);",
    by: "await sendBatches(inbound, entries).catch(() => {});",
  },
  {
    name: "a message that failed is taken off the queue",
    file: "lib/queues/workQueue.ts",
    find: "wait = waitAfterError(message, clock.now());",
    by: "",
  },
  {
    name: "a function that is out of time goes on beside the next one",
    file: "lib/services/handlerSettings.ts",
    find: "timeoutEarlyInMillis: 0",
    by: "timeoutEarlyInMillis: 5",
  },
  {
    name: "a message or job that the queue refused is forgotten",
    file: "lib/queues/sendBatches.ts",
    find: "if (first) throw",
    by: "if (refused.length > BATCH) throw",
  },
];
