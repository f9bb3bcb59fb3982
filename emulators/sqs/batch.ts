import { AwsError } from "../AwsError.ts";

/** What a batch action answers: an entry each under `Successful` or `Failed`. */
export interface BatchResult<T> {
  Successful: (T & { Id: string })[];
  Failed: { Id: string; SenderFault: boolean; Code: string; Message: string }[];
}

/** Does `work` for each entry of a batch; an `AwsError` fails its entry only. @throws AwsError for a malformed batch */
export function batch<E extends { Id: string }, T>(entries: readonly E[], work: (entry: E) => T): BatchResult<T> {
  if (entries.length === 0)
    throw new AwsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10) {
    const message = `Maximum number of entries per request are 10. You have sent ${entries.length}.`;
    throw new AwsError("TooManyEntriesInBatchRequest", message);
  }
  for (const { Id } of entries) {
    if (/^[\w-]{1,80}$/.test(Id)) continue;
    const message =
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
    throw new AwsError("InvalidBatchEntryId", message);
  }
  const twice = entries.find(({ Id }, index) => entries.findIndex((other) => other.Id === Id) < index);
  if (twice) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${twice.Id} repeated.`);

  const result: BatchResult<T> = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      result.Successful.push({ ...work(entry), Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      result.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return result;
}
