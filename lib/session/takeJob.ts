import * as v from "valibot";
import type { Services } from "../runtime/Services.ts";
import type { Attempt } from "../runtime/workQueue.ts";
import { inboundJobSchema } from "./InboundJob.ts";
import { resendJobSchema } from "./ResendJob.ts";
import { sendAgain } from "./sendAgain.ts";
import { type TurnOutcome, takeTurn } from "./takeTurn.ts";

/** What stands on the inbound queue: a message, or an operator's wish to send a failed reply again. */
export const jobSchema = v.union([inboundJobSchema, resendJobSchema]);

/** Works a job of the inbound queue. Safe to repeat at any point, any number of times, and beside itself. */
export async function takeJob(
  services: Services,
  job: v.InferOutput<typeof jobSchema>,
  attempt: Attempt,
): Promise<TurnOutcome> {
  return "resend" in job ? sendAgain(services, job, attempt) : takeTurn(services, job, attempt);
}
