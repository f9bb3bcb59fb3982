import { DeliveryError } from "../../lib/adapter/errors.ts";

/** The `DeliveryError` that `work` fails with. Fails the test when it succeeds or throws anything else. */
export async function failureOf(work: Promise<unknown>): Promise<DeliveryError> {
  const outcome = await work.then(
    () => new Error("it succeeded"),
    (error: unknown) => error,
  );
  if (outcome instanceof DeliveryError) return outcome;
  throw new Error("expected a DeliveryError", { cause: outcome });
}

/** All that a log or the ledger could show of an error: messages, stacks and fields, causes included. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = [error.message, error.stack ?? "", JSON.stringify({ ...error, cause: undefined })];
  return [...own, error.cause === undefined ? "" : everythingIn(error.cause)].join("\n");
}
