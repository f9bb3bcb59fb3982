import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import type { Agent, AgentInput, AgentReply } from "../../adapter/Agent.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { HttpResponse } from "../../adapter/http/HttpClient.ts";
import { urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { postSigned, webhookId } from "../../adapter/signing/postSigned.ts";
import { signingSecretsSchema } from "../../adapter/signing/signingSecrets.ts";
import { messagePayload } from "./messagePayload.ts";
import { BROKEN_OFF, parseOrUndefined, replyReader } from "./replyReader.ts";

const optionsSchema = strictFields({ url: urlSchema, secret: signingSecretsSchema });

/** No Content: https://www.rfc-editor.org/rfc/rfc9110#name-204-no-content */
const NO_CONTENT = 204;

/** The reply, which may say what it was made with. */
const replySchema = v.object({
  text: v.string(),
  model: v.exactOptional(v.string()),
  usage: v.exactOptional(v.object({ inputTokens: v.number(), outputTokens: v.number() })),
});

/**
 * An agent of the team's own, behind an address: one `message.received` call for each message, signed as Standard Webhooks
 * says, with the message, the session so far and what was recalled. It answers 200 with `{"text": "…"}`, or 204 when there
 * is nothing to say. The `webhook-id` is the same each time that it is asked about a message.
 *
 * Where the chat can show a reply while it is written, the call says that it takes `application/x-ndjson`: lines of
 * `{"delta": "…"}`, each with more words, and at the end `{"text": "…"}`, which is the reply.
 */
export const remote = defineAdapter(
  "agent",
  "remote",
  optionsSchema,
  process.env.VESPER_WITHOUT_AGENTS
    ? undefined
    : ({ url, secret: secrets }, services): Agent => ({
        async reply(input) {
          const { deadline, signal, show } = input;
          const timeout = Math.max(0, deadline - services.clock.now());
          const body = messagePayload(input);
          const lines = show && replyReader(show);
          const post = {
            url,
            secrets,
            id: idOf(input),
            body,
            timeout,
            signal,
            ...(lines ? { stream: lines.stream } : {}),
          };
          const response = await postSigned(post, services);
          const line = lines?.last();
          if (line === BROKEN_OFF) {
            const { host } = new URL(url);
            throw new DeliveryError("transient", `${host} began to answer, and ended without {"text": "…"}`);
          }
          return replyOf(url, { ...response, text: line ?? response.text });
        },
      }),
);

function idOf({ platform, chat, messageId }: AgentInput): string {
  return webhookId(JSON.stringify(["message", platform, chat.id, chat.thread ?? "", messageId]));
}

function replyOf(url: string, { status, text }: HttpResponse): AgentReply | undefined {
  if (status === NO_CONTENT) return undefined;
  const parsed = v.safeParse(replySchema, parseOrUndefined(text));
  if (parsed.success) return parsed.output;
  throw new DeliveryError(
    "invalid",
    `${new URL(url).host} answered ${status} without a reply; answer {"text": "…"} as JSON, or 204 for none`,
    { status },
  );
}
