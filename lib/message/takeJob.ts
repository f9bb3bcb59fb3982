import type * as v from "valibot";
import type { jobSchema } from "../domain/InboundJob.ts";
import type { Attempt } from "../queues/workQueue.ts";
import type { Services } from "../services/Services.ts";
import { takeChatEvent } from "./chatNews.ts";
import { noteUndelivered } from "./noteUndelivered.ts";
import { sendAgain } from "./sendReply.ts";
import { speak } from "./speak.ts";
import { type TurnOutcome, takeTurn } from "./takeTurn.ts";

/** Works a job of the inbound queue. Safe to repeat at any point, any number of times, and beside itself. */
export async function takeJob(
  services: Services,
  job: v.InferOutput<typeof jobSchema>,
  attempt: Attempt,
): Promise<TurnOutcome> {
  if ("undelivered" in job) return noteUndelivered(services, job);
  if ("event" in job) return takeChatEvent(services, job);
  if ("speak" in job) return speak(services, job, attempt);
  return "resend" in job ? sendAgain(services, job, attempt) : takeTurn(services, job, attempt);
}
