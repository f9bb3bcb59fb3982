import * as z from "zod/mini";

const response = z.object({
  batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string() }))),
});

/**
 * Which items of a batch a function reports as failed. A report that names an unknown item, or is no report, means the
 * whole batch: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param result what the function returned; nothing and an empty object are complete success
 * @param ids the batch's identifiers
 */
export function failedItems(result: unknown, ids: readonly string[]): ReadonlySet<string> {
  if (result === null || result === undefined) return new Set();
  const parsed = response.safeParse(result);
  if (!parsed.success) return new Set(ids);
  const failed = new Set(parsed.data.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => ids.includes(id)) ? failed : new Set(ids);
}
