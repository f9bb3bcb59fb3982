import assert from "node:assert/strict";
import { DeliveryError } from "../errors.ts";

/** The `DeliveryError` that `work` fails with. Fails the test when it succeeds or throws anything else. */
export async function failureOf(work: Promise<unknown>): Promise<DeliveryError> {
  const outcome = await work.then(
    () => new Error("it succeeded"),
    (error: unknown) => error,
  );
  if (outcome instanceof DeliveryError) return outcome;
  throw new Error(`expected a DeliveryError, got ${outcome instanceof Error ? outcome.message : String(outcome)}`, {
    cause: outcome,
  });
}

/** All that a log or the ledger could show of an error: messages, stacks and fields, causes included. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = [error.message, error.stack ?? "", JSON.stringify({ ...error, cause: undefined })];
  return [...own, error.cause === undefined ? "" : everythingIn(error.cause)].join("\n");
}

/** Fails when one of the values shows anywhere in an error. */
export function assertNotIn(error: unknown, secrets: readonly string[], what?: string): void {
  const shown = everythingIn(error);
  for (const secret of secrets) {
    assert.ok(!shown.includes(secret), `${what === undefined ? "" : `${what}: `}an error shows a secret`);
  }
}

/** Fails when a field of `actual` differs from that of `expected`; other fields are not looked at. */
export function assertFields<Value extends object>(actual: Value, expected: Partial<Value>, what?: string): void {
  const found = Object.fromEntries(Object.keys(expected).map((key) => [key, Reflect.get(actual, key)]));
  assert.deepEqual(found, { ...expected }, what);
}
