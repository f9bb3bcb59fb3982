import { WebhookError } from "../adapter/errors.ts";
import type { Post, Undelivered, WebhookRequest, WebhookResponse } from "../adapter/Platform.ts";
import { truncate } from "../adapter/text/truncate.ts";
import { attention, mayTalk } from "../config/admission.ts";
import { conversationKey, platformOfKey } from "../config/conversationKey.ts";
import type { ChatJob, InboundJob, SpeakJob, UndeliveredJob } from "../domain/InboundJob.ts";
import type { ChatEvent, InboundMessage } from "../domain/InboundMessage.ts";
import { sha256 } from "../domain/ids.ts";
import { sendBatches } from "../queues/sendBatches.ts";
import type { SendBatch } from "../runtime/aws/postBatch.ts";
import type { EdgeServices } from "../services/Services.ts";
import { toCarried } from "./checkMessage.ts";

/** The most bytes of a webhook's body: Meta's batches may have 3 MB. A text of its own has less: see `toCarried`. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** As much of a name that is no platform's as the answer repeats, characters. */
const MOST_NAME = 32;

/**
 * Verifies a webhook call, normalises it and queues its messages, one FIFO group a conversation. Answers only after they
 * are queued. Throws `WebhookError` when the call is refused; any other error means that it could not be queued, and
 * that the platform should send it again.
 */
export async function acceptWebhook(
  services: EdgeServices,
  inbound: SendBatch,
  name: string,
  request: WebhookRequest,
): Promise<WebhookResponse> {
  const platform = services.platform(name);
  if (!platform) throw new WebhookError(404, `no platform "${truncate(name, MOST_NAME)}" is configured`);
  if (request.body.length > MAX_BODY_BYTES) {
    throw new WebhookError(413, `the body has ${request.body.length} bytes; at most ${MAX_BODY_BYTES} are taken`);
  }
  const received = await platform.receive(request);
  const now = services.clock.now();
  const messages = received.messages.map((message) => toCarried(message, now));
  // What the config alone refuses costs no more than this; whom an operator may have let in is looked up later.
  const admitted = messages.filter((message) => mayTalk(services.config, name, message) !== "no");
  const taken = admitted.filter((message) => attention(services.config, message) !== "ignore");
  const enqueueId = services.newId();
  const entries = [
    ...(received.chats ?? []).map((event, index) => chatEntry(services, name, event, `${enqueueId}.c${index}`, now)),
    ...(received.undelivered ?? []).map((news, index) => newsEntry(name, news, `${enqueueId}.u${index}`, now)),
    ...(received.posts ?? []).map((post, index) => postEntry(services, post, `${enqueueId}.p${index}`, now)),
    ...taken.map((message, index) => entry(services, name, message, `${enqueueId}.${index}`, now)),
  ];
  try {
    await sendBatches(inbound, entries);
  } catch (error) {
    if (!received.unavailable) throw error;
    // No 5xx tells of it: the alarm of those who get no answer does.
    services.metrics.put("TurnFailed", 1, "Count");
    services.log.error("webhook.unavailable", error, { platform: name });
    return received.unavailable;
  }
  const ignored = messages.length - taken.length;
  // Of what is queued the turn tells, and the access log.
  if (ignored > 0) services.log.info("webhook.ignored", { platform: name, ignored });
  const isRefused = messages.length > 0 && admitted.length === 0;
  return (isRefused ? received.refused : undefined) ?? received.response ?? { status: 202 };
}

function chatEntry(services: EdgeServices, platform: string, event: ChatEvent, id: string, receivedAt: number) {
  const job: ChatJob = { v: 1, platform, receivedAt, event };
  // Doing it twice does no harm; two of them may look the same.
  return toEntry(id, job, conversationKey(services.config, platform, event), id);
}

function newsEntry(platform: string, undelivered: Undelivered, id: string, receivedAt: number) {
  const job: UndeliveredJob = { v: 1, platform, receivedAt, undelivered };
  return toEntry(id, job, undelivered.conversation, `${undelivered.key}|${undelivered.id}`);
}

function entry(
  services: EdgeServices,
  platform: string,
  message: InboundMessage,
  enqueueId: string,
  receivedAt: number,
) {
  const job: InboundJob = { v: 1, platform, enqueueId, receivedAt, message };
  const conversation = conversationKey(services.config, platform, message);
  return toEntry(enqueueId, job, conversation, sameness(conversation, message));
}

/** @throws WebhookError 400 when no conversation can have that key: whether there is one is found out later */
function postEntry(services: EdgeServices, post: Post, enqueueId: string, receivedAt: number) {
  if (platformOfKey(services.config, post.conversation) === undefined) {
    const problem = "to is no conversation of this gateway; it must be one as npx vesper sessions ls shows it";
    throw new WebhookError(400, problem, { field: "to" });
  }
  const job: SpeakJob = { v: 1, enqueueId, receivedAt, speak: post };
  return toEntry(enqueueId, job, post.conversation, sameness(post.conversation, post));
}

/** A redelivery has the same message id and time of writing. Within five minutes it meets this, later ones their turn. */
function sameness(conversation: string, { messageId, sentAt }: Pick<InboundMessage, "messageId" | "sentAt">): string {
  return `${conversation}|${messageId}|${sentAt ?? ""}`;
}

/** @param group jobs of one group keep their order @param deduplication jobs with the same one are queued once in five minutes */
function toEntry(id: string, job: object, group: string, deduplication: string) {
  return {
    Id: id.replace(".", "-"),
    MessageBody: JSON.stringify(job),
    MessageGroupId: hash(group),
    MessageDeduplicationId: hash(deduplication),
  };
}

/** Group and deduplication ids take 128 characters of a small alphabet; keys are longer and in any script. */
function hash(text: string): string {
  return sha256(text).toString("hex");
}
