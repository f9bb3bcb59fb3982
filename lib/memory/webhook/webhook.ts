import * as v from "valibot";
import { defineAdapter } from "../../config/Adapter.ts";
import { durationSchema, urlSchema } from "../../config/schema.ts";
import { clip } from "../../runtime/clip.ts";
import { postSigned } from "../../runtime/postSigned.ts";
import { BODY_HEAD } from "../../runtime/responseError.ts";
import { signingSecretsSchema } from "../../runtime/signingSecrets.ts";
import { webhookId } from "../../runtime/webhookId.ts";
import { strictFields } from "../../schema/strictFields.ts";
import type { MemoryProvider } from "../MemoryProvider.ts";
import { payload } from "./payload.ts";

const optionsSchema = strictFields({
  url: urlSchema,
  secret: signingSecretsSchema,
  timeout: v.optional(durationSchema(100, 120_000)),
});

/**
 * Posts each ended session to a program of yours: one `session.ended` call, signed as Standard Webhooks says, with one
 * `webhook-id` for all attempts, so that the receiver can drop repetitions. Any 2xx answer acknowledges it.
 *
 * `timeout` (such as "20s") shortens the config's time limit of a provider call; it can't lengthen it.
 */
export const webhook = defineAdapter(
  "memory",
  "webhook",
  optionsSchema,
  ({ url, secret: secrets, timeout = Number.POSITIVE_INFINITY }, services): MemoryProvider => ({
    capabilities: { idempotency: "server-key" },

    async onSessionEnd(session, call) {
      const id = webhookId(call.deliveryKey);
      const limit = Math.min(timeout, call.timeout);
      const post = { url, secrets, id, body: payload(session), timeout: limit, signal: call.signal };
      const { status, text } = await postSigned(post, services);
      return { id, status, body: clip(text, BODY_HEAD) };
    },
  }),
);
