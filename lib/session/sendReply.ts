import type { Platform } from "../platforms/Platform.ts";
import { UnknownPlatform } from "../platforms/UnknownPlatform.ts";
import { DeliveryError } from "../runtime/DeliveryError.ts";
import { turnItem } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import { sha256 } from "../runtime/sha256.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { Attempt } from "../runtime/workQueue.ts";
import type { Turn } from "../transcript/Turn.ts";
import { conversationKey } from "./conversationKey.ts";
import type { InboundJob } from "./InboundJob.ts";
import type { TurnOutcome } from "./takeTurn.ts";

/** The first wait after a failed sending, milliseconds; it doubles with each receipt of the message. */
const FIRST_WAIT = 2_000;

/** The longest: whoever chats waits behind it, as a conversation's messages keep their order. */
const LONGEST_WAIT = 120_000;

/**
 * Sends the stored reply's chunks that have not been sent, in order. Each but the last is noted when it is out; the end
 * of the queue message is the note of the last. So a crash between the platform's acknowledgement and our note is the
 * one way to send a chunk twice, and the platform's idempotency key closes it where there is one.
 */
export async function sendReply(
  services: Services,
  job: InboundJob,
  attempt: Attempt,
  session: string,
  turn: Turn,
): Promise<TurnOutcome> {
  const platform = services.platform(job.platform);
  if (job.message.role === "assistant" || turn.undeliverable !== undefined) return { outcome: "done" };
  if (!platform) throw new UnknownPlatform(job.platform, Object.keys(services.config.platforms));
  const chunks = chunksOf(platform, turn);
  const conversation = conversationKey(services.config, job.platform, job.message);
  for (let index = turn.sent; index < chunks.length; index++) {
    try {
      await platform.send({
        text: chunks[index] ?? "",
        replyTo: job.message.replyTo,
        key: sha256(`${session}|${turn.sk}|${index}`).toString("hex"),
        session,
        conversation,
        inReplyTo: turn.delivery,
      });
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      services.metrics.put("ReplyFailed", 1, "Count", { Platform: job.platform });
      // An operator mends the credentials; until then it comes back, and waits on the dead-letter queue in the end.
      if (error.retry || error.kind === "auth") {
        services.log.warn("reply.later", { session, platform: job.platform, kind: error.kind });
        // What the platform asks for only makes the wait longer: with 0 the receipts would be used up in a second.
        const wait = Math.max(error.retryAfter ?? 0, backoff(attempt.number));
        return { outcome: "later", at: services.clock.now() + wait };
      }
      services.log.error("reply.undeliverable", error, { session, platform: job.platform, kind: error.kind });
      await note(services, session, turn, "undeliverable", error.kind);
      return { outcome: "done" };
    }
    if (index < chunks.length - 1) await note(services, session, turn, "sent", index + 1);
  }
  if (chunks.length > 0) services.metrics.put("ReplySent", 1, "Count", { Platform: job.platform });
  return { outcome: "done" };
}

function chunksOf(platform: Platform, { notice, reply }: Turn): readonly string[] {
  return [
    ...(notice === undefined ? [] : platform.render(notice)),
    ...(reply === undefined ? [] : platform.render(reply)),
  ];
}

function backoff(number: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(number - 1, 10));
}

async function note(
  { table }: Services,
  session: string,
  turn: Turn,
  name: "sent" | "undeliverable",
  value: number | string,
): Promise<void> {
  await updateItem(table, {
    Key: turnItem(session, turn.sk),
    UpdateExpression: "SET #name = :value",
    ExpressionAttributeNames: { "#name": name },
    ExpressionAttributeValues: { ":value": value },
    ConditionExpression: "attribute_exists(pk)",
  });
}
