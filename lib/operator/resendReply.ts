import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { keyTail } from "../runtime/keys.ts";
import type { Queue, Services } from "../runtime/Services.ts";
import { sha256 } from "../runtime/sha256.ts";
import { VesperError } from "../runtime/VesperError.ts";
import type { ResendJob } from "../session/ResendJob.ts";
import type { FailedReply } from "../transcript/FailedReply.ts";
import { updateFailedReply } from "./updateFailedReply.ts";

/**
 * Has the missing pieces of a failed reply sent again: now, whatever wait the platform asked for. It stays in the list
 * until they have arrived, or fails anew. The job goes into the conversation's own group, so that it never runs beside
 * another; of several about one failure the first sends, so that repeating this is safe, also after a crash in it.
 *
 * @returns whether it is on its way; false when it is no failed reply any more
 */
export async function resendReply(
  { table, clock }: Pick<Services, "table" | "clock">,
  inbound: Queue,
  reply: FailedReply,
): Promise<boolean> {
  const { pk, sk, conversation, undelivered } = reply;
  const session = keyTail(pk);
  const update = "SET undelivered.resentAt = :value REMOVE waitUntil";
  if (!(await updateFailedReply(table, reply, update, clock.now()))) return false;
  const job: ResendJob = { v: 1, resend: { session, turn: sk, failedAt: undelivered.at } };
  const { Failed = [] } = await inbound.client.send(
    new SendMessageBatchCommand({
      QueueUrl: inbound.url,
      Entries: [
        {
          Id: "0",
          MessageBody: JSON.stringify(job),
          // As `acceptWebhook` names the conversation's group.
          MessageGroupId: hash(conversation),
          MessageDeduplicationId: hash(`${session}|${sk}|${undelivered.at}`),
        },
      ],
    }),
  );
  if (Failed.length > 0) throw new NotResent(Failed[0]?.Message ?? Failed[0]?.Code ?? "no reason");
  return true;
}

function hash(text: string): string {
  return sha256(text).toString("hex");
}

class NotResent extends VesperError {
  override readonly name = "NotResent";
  readonly retry = true;
  constructor(reason: string) {
    super(`the reply could not be put on the inbound queue (${reason}): send it again`);
  }
}
