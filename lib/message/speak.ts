import { conversationKey } from "../config/conversationKey.ts";
import type { SpeakJob } from "../domain/InboundJob.ts";
import type { Attempt } from "../queues/workQueue.ts";
import type { Services } from "../services/Services.ts";
import { readReach } from "../store/reach.ts";
import { type TurnOutcome, takeTurn } from "./takeTurn.ts";

/**
 * Says something in a conversation of the agent's own accord: it becomes the agent's own turn and goes out as a reply
 * does, to where the newest message of the conversation was to be answered. A session that it starts is none of a
 * person's, until one writes in it. One in which nobody has written is not reached.
 */
export async function speak(services: Services, job: SpeakJob, attempt: Attempt): Promise<TurnOutcome> {
  const { config, table, log, metrics } = services;
  const { conversation, ...said } = job.speak;
  const reach = await readReach(table, conversation);
  // The config may have given the conversation another key since.
  if (!reach || conversationKey(config, reach.platform, reach) !== conversation) {
    log.error("speak.unreachable", new Error("nobody has written in this conversation, or what they wrote is deleted"));
    metrics.put("ReplyFailed", 1, "Count");
    return { outcome: "ignored" };
  }
  const { platform, ...where } = reach;
  const message = { ...said, ...where, role: "assistant", origin: "scheduled" } as const;
  const { v, enqueueId, receivedAt } = job;
  return takeTurn(services, { v, platform, enqueueId, receivedAt, message, speaks: true }, attempt);
}
