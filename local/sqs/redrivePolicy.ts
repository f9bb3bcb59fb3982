import * as z from "zod/mini";

const Policy = z.object({
  deadLetterTargetArn: z.string(),
  // The console and CloudFormation write it as a number, some tools as a string.
  maxReceiveCount: z.coerce.number().check(z.int(), z.gte(1), z.lte(1000)),
});

/** Where a queue sends messages that were received `maxReceiveCount` times. */
export type RedrivePolicy = z.infer<typeof Policy>;

/** Reads the `RedrivePolicy` attribute; undefined when it is absent, empty or not valid. */
export function redrivePolicy(attribute: string | undefined): RedrivePolicy | undefined {
  if (!attribute) return undefined;
  try {
    return z.safeParse(Policy, JSON.parse(attribute)).data;
  } catch {
    return undefined;
  }
}
