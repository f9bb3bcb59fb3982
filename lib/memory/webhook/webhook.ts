import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import type { MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { durationSchema, sizeSchema, urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { postSigned } from "../../adapter/signing/postSigned.ts";
import { signingSecretsSchema } from "../../adapter/signing/signingSecrets.ts";
import { LEAST_BYTES, sendSession } from "./sendSession.ts";

const NONE = Number.POSITIVE_INFINITY;

const optionsSchema = strictFields({
  url: urlSchema,
  secret: signingSecretsSchema,
  timeout: v.optional(durationSchema(100, 120_000)),
  maxBytes: v.optional(sizeSchema(LEAST_BYTES, 100_000_000)),
});

/**
 * Posts each ended session to a program of yours: one `session.ended` call, signed as Standard Webhooks says, with one
 * `webhook-id` for all attempts, so that the receiver can drop repetitions. Any 2xx answer acknowledges it.
 *
 * A session of more than `maxBytes` (such as "1MB"; bytes of the body), or one that the receiver answers with 413, goes in
 * several calls, each with a part of its messages and `part: {number, of}`.
 *
 * `timeout` (such as "20s") shortens the config's time limit of a provider call; it can't lengthen it.
 */
export const webhook = defineAdapter(
  "memory",
  "webhook",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ url, secret: secrets, timeout = NONE, maxBytes = NONE }, services): MemoryProvider => ({
        capabilities: { idempotency: "server-key" },

        async onSessionEnd(session, call) {
          const limit = Math.min(timeout, call.timeout);
          const { signal } = call;
          return sendSession(session, call, maxBytes, ({ id, body }) =>
            postSigned({ url, secrets, id, body, timeout: limit, signal }, services),
          );
        },
      }),
  { recalls: false },
);
