import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { SpeakJob } from "../domain/InboundJob.ts";
import { sha256 } from "../domain/ids.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Queue, Services } from "../services/Services.ts";
import { readReach } from "../store/reach.ts";
import { awaitTurn } from "./awaitTurn.ts";
import { CommandFailed } from "./CommandFailed.ts";
import { isoTime } from "./views.ts";

/**
 * Has the agent say something in a conversation of its own accord, in the conversation's group behind what is under way
 * there, and waits for its turn. It is stored before it goes out; what fails is a failed reply like any other.
 *
 * @param conversation the conversation's key
 * @param wait how long, milliseconds
 * @throws CommandFailed when the conversation can't be reached, or no turn comes in time
 */
export async function speakIn(
  services: Pick<Services, "table" | "clock" | "newId" | "random">,
  inbound: Queue,
  conversation: string,
  text: string,
  wait: number,
): Promise<{ readonly session: string; readonly turn: Turn }> {
  const { table, clock, newId } = services;
  const reach = await readReach(table, conversation);
  if (!reach) {
    throw new CommandFailed(
      `nobody has written in "${conversation}", or what they wrote is deleted, so that it can't be reached: npx vesper sessions ls shows conversations`,
    );
  }
  const now = clock.now();
  if (reach.replyUntil !== undefined && now >= reach.replyUntil) {
    throw new CommandFailed(
      `the time to answer is over since ${isoTime(reach.replyUntil)}: ${reach.platform} takes nothing more in this conversation until somebody writes there`,
    );
  }
  const messageId = `send-${newId()}`;
  const speak = { conversation, messageId, sentAt: now, text };
  const job: SpeakJob = { v: 1, enqueueId: newId(), receivedAt: now, speak };
  // As `acceptWebhook` names the conversation's group.
  const [MessageGroupId, MessageDeduplicationId] = [hash(conversation), hash(`${conversation}|${messageId}|${now}`)];
  const entry = { Id: "0", MessageBody: JSON.stringify(job), MessageGroupId, MessageDeduplicationId };
  const { Failed = [] } = await inbound.client.send(
    new SendMessageBatchCommand({ QueueUrl: inbound.url, Entries: [entry] }),
  );
  if (Failed.length > 0) throw new CommandFailed("it could not be put on the inbound queue: send it again");
  const found = await awaitTurn(services, conversation, { messageId, at: now }, now + wait);
  if (found) return found;
  throw new CommandFailed(
    `accepted as ${messageId}, but no turn within ${wait} ms: it waits behind what is under way there; see npx vesper tail`,
  );
}

function hash(text: string): string {
  return sha256(text).toString("hex");
}
