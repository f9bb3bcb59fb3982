import { createHash } from "node:crypto";
import { checkMessage, type MessageInput } from "./checkMessage.ts";
import { fauxqs } from "./fauxqs.ts";
import type { Queue } from "./Queue.ts";
import type { Store } from "./Store.ts";

/** What a send answers. */
export interface Sent {
  MessageId: string;
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
  SequenceNumber?: string;
}

/** Accepts one message; a duplicate gets the answer of the first. @throws AwsError */
export function sendMessage(store: Store, queue: Queue, input: MessageInput): Sent {
  checkMessage(queue, input);
  const message = fauxqs.SqsStore.createMessage(input.MessageBody, input.MessageAttributes);
  const sent: Sent = {
    MessageId: message.messageId,
    MD5OfMessageBody: message.md5OfBody,
    ...(message.md5OfMessageAttributes && { MD5OfMessageAttributes: message.md5OfMessageAttributes }),
  };
  const delay = input.DelaySeconds ?? Number(queue.attributes.DelaySeconds);
  if (delay > 0) message.delayUntil = message.sentTimestamp + delay * 1000;
  message.messageGroupId = input.MessageGroupId;
  if (!queue.isFifo()) {
    queue.enqueue(message);
    return sent;
  }
  const dedupId = input.MessageDeduplicationId ?? createHash("sha256").update(input.MessageBody).digest("hex");
  const perGroup = queue.attributes.DeduplicationScope === "messageGroup";
  const key = perGroup ? `${input.MessageGroupId} ${dedupId}` : dedupId;
  const first = queue.dedup.find(key);
  if (first) return { ...sent, MessageId: first.messageId, SequenceNumber: first.sequenceNumber };
  // One commit: a deduplication id on disk without its message would swallow the sender's retry.
  return store.atomically(() => {
    const sequenceNumber = queue.nextSequenceNumber();
    queue.enqueue({ ...message, messageDeduplicationId: dedupId, sequenceNumber });
    const entry = { messageId: message.messageId, sequenceNumber, at: message.sentTimestamp };
    const forgotten = queue.dedup.add(key, entry);
    store.file?.saveDedup(queue.name, key, entry, forgotten);
    return { ...sent, SequenceNumber: sequenceNumber };
  });
}
