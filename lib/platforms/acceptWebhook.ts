import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { clip } from "../runtime/clip.ts";
import type { Queue, Services } from "../runtime/Services.ts";
import { sha256 } from "../runtime/sha256.ts";
import { VesperError } from "../runtime/VesperError.ts";
import { conversationKey } from "../session/conversationKey.ts";
import type { InboundJob } from "../session/InboundJob.ts";
import type { InboundMessage, WebhookRequest, WebhookResponse } from "./Platform.ts";
import { toCarried } from "./toCarried.ts";
import { WebhookError } from "./WebhookError.ts";

/** The most bytes of a webhook's body: more than any platform sends, and one message fits a queue's. */
const MAX_BODY_BYTES = 256 * 1024;

/** As much of a name that is no platform's as the answer repeats, characters. */
const MOST_NAME = 32;

/** The most entries of one SendMessageBatch. */
const BATCH = 10;

/**
 * Verifies a webhook call, normalises it and queues its messages, one FIFO group a conversation. Answers only after they
 * are queued. Throws `WebhookError` when the call is refused; any other error means that it could not be queued, and
 * that the platform should send it again.
 */
export async function acceptWebhook(
  services: Services,
  inbound: Queue,
  name: string,
  request: WebhookRequest,
): Promise<WebhookResponse> {
  const platform = services.platform(name);
  if (!platform) throw new WebhookError(404, `no platform "${clip(name, MOST_NAME)}" is configured`);
  if (request.body.length > MAX_BODY_BYTES) {
    throw new WebhookError(413, `the body has ${request.body.length} bytes; at most ${MAX_BODY_BYTES} are taken`);
  }
  const received = await platform.receive(request);
  const now = services.clock.now();
  const messages = received.messages.map((message) => toCarried(message, now));
  const carrier = services.newId();
  const entries = messages.map((message, index) => entry(services, name, message, `${carrier}.${index}`, now));
  for (let start = 0; start < entries.length; start += BATCH) {
    const { Failed = [] } = await inbound.client.send(
      new SendMessageBatchCommand({ QueueUrl: inbound.url, Entries: entries.slice(start, start + BATCH) }),
    );
    if (Failed.length > 0) throw new NotQueued(Failed.length, Failed[0]?.Message ?? "no reason");
  }
  services.log.info("webhook.accepted", { platform: name, messages: messages.length });
  return received.response ?? { status: 202 };
}

function entry(services: Services, platform: string, message: InboundMessage, carrier: string, receivedAt: number) {
  const job: InboundJob = { v: 1, platform, carrier, receivedAt, message };
  const conversation = conversationKey(services.config, platform, message);
  return {
    Id: carrier.replace(".", "-"),
    MessageBody: JSON.stringify(job),
    MessageGroupId: hash(conversation),
    // A redelivery is the same delivery and time of writing. Within five minutes it meets this; later ones meet their turn.
    MessageDeduplicationId: hash(`${conversation}|${message.delivery}|${message.sentAt ?? ""}`),
  };
}

/** Group and deduplication ids take 128 characters of a small alphabet; keys are longer and in any script. */
function hash(text: string): string {
  return sha256(text).toString("hex");
}

class NotQueued extends VesperError {
  override readonly name = "NotQueued";
  readonly retry = true;
  constructor(count: number, reason: string) {
    super(`${count} messages could not be queued: ${reason}`);
  }
}
