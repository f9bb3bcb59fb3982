import { AwsError } from "../AwsError.ts";
import { checkAttributes } from "./checkAttributes.ts";
import type { Queue } from "./Queue.ts";
import type { Store } from "./Store.ts";

/** Changes attributes of a queue; an empty policy removes it. @throws AwsError */
export function setQueueAttributes(store: Store, queue: Queue, attributes: Record<string, string>): void {
  checkAttributes(store, queue.isFifo(), attributes);
  if ((attributes.FifoQueue ?? "true") !== "true") {
    throw new AwsError(
      "InvalidAttributeValue",
      "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
    );
  }
  for (const [name, value] of Object.entries(attributes)) if (value === "") delete queue.attributes[name];
  queue.setAttributes(Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== "")));
}
