import { AwsError } from "../AwsError.ts";
import { checkAttributes } from "./checkAttributes.ts";
import type { Store } from "./Store.ts";

/** Checks the name and attributes of a queue to create. @throws AwsError */
export function checkNewQueue(store: Store, name: string, attributes: Record<string, string>): void {
  const fifo = name.endsWith(".fifo");
  if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, "")) || name.length > 80) {
    const rule = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length";
    throw new AwsError("InvalidParameterValue", rule);
  }
  if (attributes.FifoQueue === "true" && !fifo) {
    throw new AwsError("InvalidParameterValue", "The name of a FIFO queue must end with the .fifo suffix.");
  }
  checkAttributes(store, fifo, attributes);
  const existing = store.getQueueByArn(`:${name}`);
  if (!existing) return;
  const different = Object.keys(attributes).find((key) => existing.attributes[key] !== attributes[key]);
  if (!different) return;
  const message = `A queue already exists with the same name and a different value for attribute ${different}`;
  throw new AwsError("QueueNameExists", message);
}
