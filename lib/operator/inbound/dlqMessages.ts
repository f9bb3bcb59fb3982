import { type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Config } from "../../config/Config.ts";
import { VesperError } from "../../domain/VesperError.ts";
import { queueDepth } from "../../queues/queueDepth.ts";
import type { Queue, Services } from "../../services/Services.ts";
import { recordAudit } from "../audit.ts";
import { type DlqQuery, isDlqMessageMeant } from "../filter/queries.ts";
import { type DlqMessage, toDlqMessage } from "./DlqMessage.ts";
import { dlqPages } from "./dlqPages.ts";

/** What the verbs of the inbound dead-letter queue work with. */
export interface DlqTools {
  readonly services: Pick<Services, "table" | "clock" | "random" | "newId">;
  readonly config: Pick<Config, "tenant" | "groups">;
  readonly queues: { readonly inbound: Queue; readonly inboundDlq: Queue };
}

/** DLQ messages, and how many there are in all: of one conversation only the first ten can be looked at together. */
export interface DlqMessages {
  readonly dlqMessages: readonly DlqMessage[];
  readonly total: number;
}

/** Lists what is on the inbound dead-letter queue. All of it is visible again afterwards. */
export async function listDlqMessages(tools: DlqTools, query: DlqQuery): Promise<DlqMessages> {
  const dlqMessages: DlqMessage[] = [];
  for await (const { messages } of dlqPages(tools.queues.inboundDlq)) {
    for (const message of messages) {
      const dlqMessage = await toDlqMessage(tools.services, tools.config, message);
      if (isDlqMessageMeant(query, dlqMessage)) dlqMessages.push(dlqMessage);
    }
  }
  const { waiting, inFlight } = await queueDepth(tools.queues.inboundDlq);
  return { dlqMessages, total: Math.max(waiting + inFlight, dlqMessages.length) };
}

/** Who moves DLQ messages, and why. */
interface Word {
  readonly who: string;
  readonly why?: string | undefined;
}

/**
 * Moves DLQ messages back to the inbound queue, each into its conversation's group and in order. One that is moved twice,
 * as the process stopped in between, makes no second turn. Answers them.
 */
export async function redriveDlqMessages(tools: DlqTools, query: DlqQuery, word: Word): Promise<readonly DlqMessage[]> {
  return actOn(tools, query, "inbound redrive", word, (message) => moveBack(tools.queues.inbound, message));
}

/** Deletes DLQ messages for good: what was written in them gets no turn. Answers them. */
export async function discardDlqMessages(
  tools: DlqTools,
  query: DlqQuery,
  word: Word & { readonly why: string },
): Promise<readonly DlqMessage[]> {
  return actOn(tools, query, "inbound discard", word, async () => {});
}

async function actOn(
  { services, config, queues }: DlqTools,
  query: DlqQuery,
  action: string,
  { who, why }: Word,
  act: (message: Message) => Promise<void>,
): Promise<readonly DlqMessage[]> {
  const { id, platform, user } = query;
  // Of a user no more than that one was meant: the log outlives what may be said of a person.
  const parts = [id && `id:${id}`, platform && `platform:${platform}`, user && "user:…"].filter(Boolean);
  const target = parts.join(" ") || "all";
  await recordAudit(services, { who, action, target, ...(why === undefined ? {} : { why }) });
  const done: DlqMessage[] = [];
  for await (const { messages, remove } of dlqPages(queues.inboundDlq)) {
    for (const message of messages) {
      const dlqMessage = await toDlqMessage(services, config, message);
      if (!isDlqMessageMeant(query, dlqMessage)) continue;
      await act(message);
      await remove(message);
      done.push(dlqMessage);
    }
  }
  return done;
}

/** Puts a DLQ message into its conversation's group of the inbound queue. */
export async function moveBack(
  { client, url }: Queue,
  { MessageId = "", Body = "", Attributes }: Message,
): Promise<void> {
  const MessageGroupId = Attributes?.MessageGroupId;
  if (MessageGroupId === undefined) throw new NoGroup(MessageId);
  const MessageDeduplicationId = `redriven-${MessageId}`;
  await client.send(
    new SendMessageCommand({ QueueUrl: url, MessageBody: Body, MessageGroupId, MessageDeduplicationId }),
  );
}

class NoGroup extends VesperError {
  override readonly name = "NoGroup";
  readonly retry = false;
  constructor(id: string) {
    super(`the message ${id} has no group, so its conversation is not known: discard it`);
  }
}
