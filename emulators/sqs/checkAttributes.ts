import { AwsError } from "../AwsError.ts";
import { redrivePolicy } from "./redrivePolicy.ts";
import type { Store } from "./Store.ts";

/** Least and greatest value of the attributes that are numbers. */
const RANGES: Record<string, readonly [number, number]> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};

const OTHERS = ["RedrivePolicy", "RedriveAllowPolicy", "Policy", "KmsMasterKeyId", "SqsManagedSseEnabled"];

const FIFO_ONLY = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

/** Checks the attributes given for a queue, new or not. @throws AwsError */
export function checkAttributes(store: Store, fifo: boolean, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    const known = range !== undefined || OTHERS.includes(name) || (fifo && FIFO_ONLY.includes(name));
    if (!known) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    const number = Number(value);
    if (range && (!Number.isInteger(number) || value === "" || number < range[0] || number > range[1])) {
      throw invalid(name, value, `Must be an integer from ${range[0]} to ${range[1]}`);
    }
  }
  checkRedrivePolicy(store, fifo, attributes.RedrivePolicy);
}

function checkRedrivePolicy(store: Store, fifo: boolean, value: string | undefined): void {
  if (!value) return;
  const policy = redrivePolicy(value);
  if (!policy) {
    throw invalid(
      "RedrivePolicy",
      value,
      "It must be JSON with deadLetterTargetArn and a maxReceiveCount of 1 to 1000",
    );
  }
  const target = store.getQueueByArn(policy.deadLetterTargetArn);
  if (!target) throw invalid("RedrivePolicy", value, "Dead letter target does not exist");
  if (target.isFifo() !== fifo) {
    throw invalid("RedrivePolicy", value, "Dead-letter queue must be same type of queue as the source");
  }
}

function invalid(name: string, value: string, reason: string): AwsError {
  return new AwsError("InvalidAttributeValue", `Value ${value} for parameter ${name} is invalid. Reason: ${reason}.`);
}
