import { DeliveryError } from "./DeliveryError.ts";

/**
 * Runs what a provider does with the gateway's table. To a provider the table is a server like another: throttling and
 * outages become a `DeliveryError` that is worth a retry; all else is thrown on, as a bug.
 */
export async function tableForProvider<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new DeliveryError("transient", `the table did not take it: ${error.name}`, { cause: error });
  }
}

/** DynamoDB's errors of throttling: the client's fault by their form, and not all of them say that a retry helps. */
const THROTTLED = new Set(["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"]);

/** The service's own word for it; and a connection that broke or never stood, which has a system's error code. */
function isTransient(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError") return true;
  if ("$fault" in error) return error.$fault === "server" || "$retryable" in error || THROTTLED.has(error.name);
  return "$retryable" in error || "code" in error;
}
