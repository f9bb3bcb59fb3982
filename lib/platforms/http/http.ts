import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { definePlatform, type Receiving, type Sending } from "../../adapter/definePlatform.ts";
import { DeliveryError, WebhookError } from "../../adapter/errors.ts";
import { parseJson } from "../../adapter/fieldError.ts";
import { urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { postSigned, webhookId } from "../../adapter/signing/postSigned.ts";
import { signingKeys, signingSecretsSchema } from "../../adapter/signing/signingSecrets.ts";
import { headerProblem, signatureProblem } from "../../adapter/signing/standardWebhooks.ts";
import { parseMessage, parsePost } from "./parseMessage.ts";

/** A reply is a small call; a program that takes longer has it sent again. Milliseconds. */
const REPLY_TIMEOUT = 10_000;

const optionsSchema = strictFields({ secret: signingSecretsSchema, replyUrl: v.optional(urlSchema) });

/**
 * The platform of any program that posts signed messages, as Standard Webhooks says; the `webhook-id` is the delivery.
 *
 * The body: `{conversation, user: {id, name?}, text, role?, sentAt?, chatType?, origin?}`. `user` may only be left out
 * with role `assistant`; there it says whose lane of a group the message belongs to. `chatType` is `dm` unless given:
 * say `group` for a conversation of several people, as what is remembered of a direct message is for one alone.
 *
 * With `{to, role: "assistant", text, sentAt?}` the agent says the text in that conversation, of whatever platform.
 *
 * Replies are posted to `replyUrl`, signed the same way: `{conversation, session, text, inReplyTo, isLast}`, with one
 * `webhook-id` for all attempts. A notice comes before the answer itself, of which `isLast` then tells. Without `replyUrl` none go out. Whatever the receiver answers is tried again, as it may
 * just be being deployed; but for 410, by which it says that the conversation is gone.
 */
export const http = definePlatform("http", optionsSchema, {
  receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
  sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
});

type HttpOptions = v.InferOutput<typeof optionsSchema>;

function receiving(options: HttpOptions, services: AdapterServices): Receiving {
  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") {
        throw new WebhookError(405, `${method} is not taken; POST a signed message`, { headers: { allow: "POST" } });
      }
      const now = services.clock.now();
      const problem =
        headerProblem(headers, now) ??
        signatureProblem(await signingKeys(options.secret, services.secrets), headers, now, body);
      if (problem !== undefined) throw new WebhookError(401, problem);
      const [given, delivery] = [parseJson(body), deliveryOf(headers["webhook-id"])];
      const post = parsePost(given, delivery, now);
      return post ? { messages: [], posts: [post] } : { messages: [parseMessage(given, delivery, now)] };
    },
  };
}

function sending({ replyUrl, secret: secrets }: HttpOptions, services: AdapterServices): Sending {
  return {
    render: (text) => (text.trim() === "" ? [] : [text]),

    async send({ text, replyTo, key, session, inReplyTo, isLast }) {
      if (replyUrl === undefined) return undefined;
      const body = { conversation: replyTo, session, text, inReplyTo, isLast };
      const post = { url: replyUrl, secrets, id: webhookId(key), body, timeout: REPLY_TIMEOUT };
      await postSigned(post, services).catch((error: unknown) => Promise.reject(asPassing(error)));
      return post.id;
    },
  };
}

/** The statuses of a receiver that is being deployed, or whose address is wrong, tell nothing about the reply. */
function asPassing(error: unknown): unknown {
  if (!(error instanceof DeliveryError) || error.status === 410) return error;
  if (error.kind !== "gone" && error.kind !== "invalid") return error;
  const { message, status, retryAfter, outcome } = error;
  return new DeliveryError("transient", message, {
    cause: error,
    outcome,
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function deliveryOf(id = ""): string {
  if (/^[\x21-\x7e]{1,256}$/.test(id)) return id;
  throw new WebhookError(400, `webhook-id has ${id.length} characters; it must be 1 to 256 of printable ASCII`, {
    field: "webhook-id",
  });
}
