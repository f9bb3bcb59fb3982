import * as v from "valibot";
import { BODY_HEAD } from "../adapter/http/responseError.ts";
import type { Receipt } from "../adapter/MemoryProvider.ts";
import { parse } from "../adapter/schema/parse.ts";
import { truncate } from "../adapter/text/truncate.ts";
import type { Services } from "../services/Services.ts";

const text = v.fallback(v.optional(v.string()), undefined);

/** Other numbers no row can hold. */
const status = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger())), undefined);

const receiptSchema = v.fallback(v.object({ id: text, status, body: text }), {});

/**
 * What the ledger keeps of a receipt: of the provider's words only the head, and none of our secrets. An adapter may have
 * passed on whatever it was answered. What is odd in it is left out, and never an error: the provider has the session, and
 * would get it again.
 */
export function toStoredReceipt({ redact }: Pick<Services, "redact">, given: unknown): Receipt {
  const receipt = parse(receiptSchema, given);
  return {
    ...(receipt.id === undefined ? {} : { id: truncate(redact(receipt.id), BODY_HEAD) }),
    ...(receipt.status === undefined ? {} : { status: receipt.status }),
    ...(receipt.body === undefined ? {} : { body: truncate(redact(receipt.body), BODY_HEAD) }),
  };
}
