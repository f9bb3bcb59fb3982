import { type SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { secret } from "../../lib/adapter/options.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import type { SessionEndQueues } from "../../lib/queues/sessionEndQueues.ts";
import type { Queue } from "../../lib/services/Services.ts";
import { sessionItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

export const NOW = Date.parse("2026-03-02T10:00:00Z");

export const MINUTE = 60_000;

export const ROW = sessionItem("c", "S1");

/** An open session's row, without its key. */
export const SESSION = {
  ...{ session: "S1", conversation: "c", platform: "http", chat: { id: "7", type: "dm" }, startedAt: NOW - MINUTE },
  ...{ origin: "chat", status: "open" },
};

/** A step harness at NOW whose config has one memory provider, and the queues of what ends there. */
export interface SealingHarness {
  readonly harness: StepHarness;
  readonly queues: SessionEndQueues;
  readonly visits: Queue;
}

/** @param tell is told the body of each message that is sent to a queue */
export function createSealingHarness(tell: (body: unknown) => void): SealingHarness {
  const crm = webhook({ url: "https://crm.test/", secret: secret("SECRET") });
  const send = async ({ input }: SendMessageBatchCommand) => {
    for (const { MessageBody = "" } of input.Entries ?? []) tell(JSON.parse(MessageBody));
    return {};
  };
  const client = Object.assign(new SQSClient({ region: "none" }), { send });
  return {
    harness: createStepHarness(NOW, { memory: { crm } }),
    queues: new Map([["crm", { client, url: "url" }]]),
    visits: { client, url: "visits" },
  };
}
