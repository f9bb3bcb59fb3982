import * as v from "valibot";
import { fields } from "../../lib/adapter/schema/strictFields.ts";

const response = fields(
  { batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.string() }))) },
  "an object with batchItemFailures",
);

/**
 * Which items of a batch a function reports as failed. A report that names an unknown item, or is no report, means the
 * whole batch: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param result what the function returned; nothing and an empty object are complete success
 * @param ids the batch's identifiers
 */
export function failedItems(result: unknown, ids: readonly string[]): ReadonlySet<string> {
  if (result === null || result === undefined) return new Set();
  const parsed = v.safeParse(response, result);
  if (!parsed.success) return new Set(ids);
  const failed = new Set(parsed.output.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => ids.includes(id)) ? failed : new Set(ids);
}
