import * as v from "valibot";

const Policy = v.object({
  deadLetterTargetArn: v.string(),
  // The console and CloudFormation write it as a number, some tools as a string.
  maxReceiveCount: v.pipe(v.unknown(), v.transform(Number), v.integer(), v.minValue(1), v.maxValue(1000)),
});

/** Where a queue sends messages that were received `maxReceiveCount` times. */
export type RedrivePolicy = v.InferOutput<typeof Policy>;

/** Reads the `RedrivePolicy` attribute; undefined when it is absent, empty or not valid. */
export function redrivePolicy(attribute: string | undefined): RedrivePolicy | undefined {
  if (!attribute) return undefined;
  try {
    return v.parse(Policy, JSON.parse(attribute));
  } catch {
    return undefined;
  }
}
