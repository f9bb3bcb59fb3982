import * as v from "valibot";
import { parse } from "../schema/parse.ts";

const text = v.fallback(v.optional(v.string()), undefined);

/** Other numbers no row can hold. */
const status = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger())), undefined);

const receiptSchema = v.fallback(v.object({ id: text, status, body: text }), {});

/**
 * A receipt of which an adapter may have passed on whatever it was answered. What is odd in it is left out, and never an
 * error: the provider has the session, and would get it again.
 */
export function parseReceipt(given: unknown): v.InferOutput<typeof receiptSchema> {
  return parse(receiptSchema, given);
}
