import type { Message } from "@aws-sdk/client-sqs";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { truncate } from "../../adapter/text/truncate.ts";
import type { Config } from "../../config/Config.ts";
import { conversationKey } from "../../config/conversationKey.ts";
import { type InboundJob, jobSchema } from "../../domain/InboundJob.ts";
import { turnKey } from "../../domain/Turn.ts";
import type { Services } from "../../services/Services.ts";
import { firstSeenItem } from "../../store/keys.ts";
import { lookBack } from "../../store/lookBack.ts";
import type { ReadServices } from "../../store/readItems.ts";
import { NewerVersion, parseVersioned } from "../../store/versions.ts";
import { isoTime } from "../views.ts";

/** The most of a message's text that is shown, characters. */
const MAX_TEXT_LENGTH = 200;

/** A message on the inbound dead-letter queue, as programs read it. Times in ISO 8601; null: it can't be told. */
export interface DlqMessage {
  /** The queue's id of it. */
  readonly id: string;
  readonly platform: string | null;
  /** The conversation's key. */
  readonly conversation: string | null;
  readonly user: string | null;
  readonly acceptedAt: string | null;
  /** The head of what was written. */
  readonly text: string | null;
  /** How often it has been received in all. */
  readonly receives: number;
  /** Why it is here, and what moving it back would do. */
  readonly why: string;
}

const deliverySchema = v.object({ at: v.number() });

/** Reads and explains a DLQ message. */
export async function toDlqMessage(
  services: ReadServices,
  config: Pick<Config, "tenant" | "groups">,
  { MessageId: id = "", Body = "", Attributes }: Message,
): Promise<DlqMessage> {
  const receives = Number(Attributes?.ApproximateReceiveCount ?? 0);
  const nothing = { platform: null, conversation: null, user: null, acceptedAt: null, text: null };
  let job: v.InferOutput<typeof jobSchema>;
  try {
    job = parseVersioned(jobSchema, JSON.parse(Body));
  } catch (error) {
    const why =
      error instanceof NewerVersion
        ? "a newer version of Vesper wrote it: deploy that, then move it back"
        : "it is no job of this queue: discard it, unless you know who put it there";
    return { id, ...nothing, receives, why };
  }
  if ("resend" in job) {
    const why = `an operator's wish to send a reply of session ${job.resend.session} again; npx vesper replies send repeats it`;
    return { id, ...nothing, receives, why };
  }
  if ("undelivered" in job) {
    const { platform, receivedAt, undelivered } = job;
    const why = `news of a reply in session ${undelivered.session} that was not delivered: moved back, it is noted`;
    const { conversation } = undelivered;
    return { ...nothing, id, platform, conversation, acceptedAt: isoTime(receivedAt), receives, why };
  }
  if ("speak" in job) {
    const { receivedAt, speak } = job;
    const why = "what the agent was to say of its own accord: moved back, it is said now";
    const text = truncate(speak.text, MAX_TEXT_LENGTH);
    return { ...nothing, id, conversation: speak.conversation, text, acceptedAt: isoTime(receivedAt), receives, why };
  }
  if ("event" in job) {
    const why = "news of a chat that has moved or is gone: moved back, it is noted";
    return { ...nothing, id, platform: job.platform, acceptedAt: isoTime(job.receivedAt), receives, why };
  }
  const { platform, receivedAt, message } = job;
  const conversation = conversationKey(config, platform, message);
  return {
    ...{ id, platform, conversation, user: message.user?.id ?? null, acceptedAt: isoTime(receivedAt) },
    ...{ text: truncate(message.text, MAX_TEXT_LENGTH), receives, why: await explain(services, conversation, job) },
  };
}

async function explain(
  services: ReadServices,
  conversation: string,
  { receivedAt, message: { messageId, sentAt } }: InboundJob,
): Promise<string> {
  const at = sentAt ?? (await firstReceipt(services, conversation, messageId)) ?? receivedAt;
  const { found } = await lookBack(services, conversation, { turn: turnKey(at, messageId), at }, services.clock.now());
  if (!found)
    return "it has no turn: the function crashed at it or could not store it, see its log; moved back it is answered now";
  const { session, turn } = found;
  if (turn.reply === undefined) return `its turn is in session ${session}, with nothing to send: discard it`;
  return `its turn is in session ${session}, but its reply may not have gone out: moved back, it is sent`;
}

/** When a message without a time of its own first came in. */
async function firstReceipt(
  { table }: Pick<Services, "table">,
  conversation: string,
  messageId: string,
): Promise<number | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: firstSeenItem(conversation, messageId) }),
  );
  const { success, output } = v.safeParse(deliverySchema, Item);
  return success ? output.at : undefined;
}
