import * as v from "valibot";
import { BODY_HEAD } from "../adapter/http/responseError.ts";
import { parse } from "../adapter/schema/parse.ts";
import { truncate } from "../adapter/text/truncate.ts";
import type { Cleaned, Hook } from "../domain/Hook.ts";
import type { Services } from "../services/Services.ts";

const text = v.fallback(v.optional(v.string()), undefined);

/** Other numbers no row can hold. */
const status = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger())), undefined);

const receiptSchema = v.fallback(v.object({ id: text, status, body: text }), {});

/** A receipt as the ledger keeps it. */
export type StoredReceipt = NonNullable<Hook["receipt"]>;

/**
 * What the ledger keeps of a receipt: of the provider's words only the head, and none of our secrets. An adapter may have
 * passed on whatever it was answered. What is odd in it is left out, and never an error: the provider has the session, and
 * would get it again. What was taken out of the transcript before stands there, too.
 */
export function toStoredReceipt({ redact }: Pick<Services, "redact">, given: unknown, cleaned: Cleaned): StoredReceipt {
  const receipt = parse(receiptSchema, given);
  return {
    ...(receipt.id === undefined ? {} : { id: truncate(redact(receipt.id), BODY_HEAD) }),
    ...(receipt.status === undefined ? {} : { status: receipt.status }),
    ...(receipt.body === undefined ? {} : { body: truncate(redact(receipt.body), BODY_HEAD) }),
    ...(cleaned.credentials + cleaned.recited === 0 ? {} : { cleaned }),
  };
}
