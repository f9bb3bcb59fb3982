import { AwsError } from "../AwsError.ts";
import { batch } from "./batch.ts";
import { changeVisibility } from "./changeVisibility.ts";
import { checkNewQueue } from "./checkNewQueue.ts";
import { deleteMessage } from "./deleteMessage.ts";
import type { MoveTasks } from "./MoveTasks.ts";
import type { Queue } from "./Queue.ts";
import { type Receiver, receiveMessage } from "./receiveMessage.ts";
import { isAction, parseRequest } from "./requests.ts";
import type { Store } from "./Store.ts";
import { sendMessage } from "./sendMessage.ts";
import { sendMessageBatch } from "./sendMessageBatch.ts";
import { setQueueAttributes } from "./setQueueAttributes.ts";

/**
 * Answers an API request, or checks it and gives undefined where fauxqs' own answer is right. @throws AwsError
 */
export async function answer(
  store: Store,
  tasks: MoveTasks,
  action: string,
  body: unknown,
  receiver: Receiver,
): Promise<object | undefined> {
  if (!isAction(action)) throw new AwsError("InvalidAction", `The action ${action} is not valid for this endpoint.`);
  switch (action) {
    case "SendMessage": {
      const request = parseRequest(action, body);
      return sendMessage(store, queueAt(store, request.QueueUrl), request);
    }
    case "SendMessageBatch": {
      const { QueueUrl, Entries } = parseRequest(action, body);
      return sendMessageBatch(store, queueAt(store, QueueUrl), Entries);
    }
    case "ReceiveMessage": {
      const request = parseRequest(action, body);
      return receiveMessage(store, queueAt(store, request.QueueUrl), request, receiver);
    }
    case "DeleteMessage": {
      const { QueueUrl, ReceiptHandle } = parseRequest(action, body);
      deleteMessage(queueAt(store, QueueUrl), ReceiptHandle);
      return {};
    }
    case "DeleteMessageBatch": {
      const { QueueUrl, Entries } = parseRequest(action, body);
      const queue = queueAt(store, QueueUrl);
      return store.atomically(() => batch(Entries, (entry) => deleteMessage(queue, entry.ReceiptHandle)));
    }
    case "ChangeMessageVisibility": {
      const { QueueUrl, ReceiptHandle, VisibilityTimeout } = parseRequest(action, body);
      changeVisibility(queueAt(store, QueueUrl), ReceiptHandle, VisibilityTimeout);
      return {};
    }
    case "ChangeMessageVisibilityBatch": {
      const { QueueUrl, Entries } = parseRequest(action, body);
      const queue = queueAt(store, QueueUrl);
      return store.atomically(() =>
        batch(Entries, (entry) => changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout)),
      );
    }
    case "CreateQueue": {
      const { QueueName, Attributes = {} } = parseRequest(action, body);
      checkNewQueue(store, QueueName, Attributes);
      return undefined;
    }
    case "SetQueueAttributes": {
      const { QueueUrl, Attributes } = parseRequest(action, body);
      setQueueAttributes(store, queueAt(store, QueueUrl), Attributes);
      return {};
    }
    case "ListDeadLetterSourceQueues": {
      const queue = queueAt(store, parseRequest(action, body).QueueUrl);
      return { queueUrls: tasks.sourcesOf(queue).map(({ url }) => url) };
    }
    case "StartMessageMoveTask":
      return tasks.start(parseRequest(action, body));
    case "ListMessageMoveTasks":
      return tasks.list(parseRequest(action, body));
    case "CancelMessageMoveTask":
      return tasks.cancel(parseRequest(action, body).TaskHandle);
    case "GetQueueUrl":
    case "ListQueues":
      parseRequest(action, body);
      return undefined;
    default:
      // What fauxqs tells of or does to a queue must see the messages as they are now.
      queueAt(store, parseRequest(action, body).QueueUrl).settle();
      return undefined;
  }
}

function queueAt(store: Store, url: string): Queue {
  const queue = store.getQueue(url);
  if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}
