import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError, SecretFormatError, WebhookError } from "../../adapter/errors.ts";
import { type SecretForm, type SecretRef, secretOf, urlSchema } from "../../adapter/options.ts";
import type { Platform } from "../../adapter/Platform.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { callSlack } from "./callSlack.ts";
import { manifestOf } from "./manifest.ts";
import { receiveEvent } from "./receiveEvent.ts";
import { sendMessage, showDraft, targetOf } from "./sendMessage.ts";
import { headerProblem, isSigned } from "./signature.ts";
import { receiveCommand, respond } from "./slashCommand.ts";

/** The most of one message's Markdown, characters: https://docs.slack.dev/reference/methods/chat.postMessage#arg_markdown_text */
const MAX_TEXT_LENGTH = 12_000;

/** https://docs.slack.dev/authentication/tokens#bot */
const TOKEN: SecretForm = {
  shows: 'a bot token such as "xoxb-123-456-abc"',
  matches: (value) => /^xoxb-[\w-]+$/.test(value),
};

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const SIGNING_SECRET: SecretForm = {
  shows: "a signing secret of 32 small letters and digits",
  matches: (value) => /^[0-9a-z]{32}$/.test(value),
};

const optionsSchema = strictFields({
  token: secretOf(TOKEN),
  signingSecret: secretOf(SIGNING_SECRET),
  apiBase: v.optional(urlSchema),
});

/**
 * Slack, by the Events API and slash commands at one address. `token` is the bot's token, `signingSecret` what Slack signs its
 * calls with. `apiBase` is the Web API of another Slack, such as `https://slack-gov.com/api`. One workspace an app.
 */
export const slack = defineAdapter("platform", "slack", optionsSchema, (options, services): Platform => {
  const apiBase = (options.apiBase ?? "https://slack.com/api").replace(/\/+$/, "");

  const read = async (ref: SecretRef, form: SecretForm) => {
    const value = await services.secrets.get(ref);
    if (form.matches(value)) return value;
    throw new SecretFormatError(ref, form.shows);
  };
  const readApi = async () => {
    try {
      return { apiBase, token: await read(options.token, TOKEN) };
    } catch (cause) {
      if (!(cause instanceof SecretFormatError)) throw cause;
      throw new DeliveryError("auth", cause.message, { cause, outcome: "not-sent" });
    }
  };

  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") {
        throw new WebhookError(405, `${method} is not taken; Slack POSTs its calls`, { headers: { allow: "POST" } });
      }
      const problem = headerProblem(headers, services.clock.now());
      if (problem !== undefined) throw new WebhookError(401, problem);
      if (!isSigned(await read(options.signingSecret, SIGNING_SECRET), headers, body)) {
        throw new WebhookError(
          401,
          "the signature is not of this signing secret: copy it from the app's Basic Information",
        );
      }
      const retry = RETRY_REASONS.find((reason) => reason === headers["x-slack-retry-reason"]);
      if (retry !== undefined) services.log.warn("slack.retried", { reason: retry });
      try {
        const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
        if (!isForm) return receiveEvent(body, services.log);
        return receiveCommand(body, Number(headers["x-slack-request-timestamp"]) * 1000, apiBase);
      } catch (error) {
        throw error instanceof WebhookError ? unrepeated(error) : error;
      }
    },

    render: (text) => splitText(text, MAX_TEXT_LENGTH),

    async send(chunk) {
      const to = targetOf(chunk.replyTo);
      if ("responseUrl" in to) return respond(to.responseUrl, chunk.text, apiBase, services);
      return sendMessage(await readApi(), chunk, to, services);
    },

    async showTyping(replyTo) {
      const to = targetOf(replyTo);
      // Slack shows it in threads alone.
      if ("responseUrl" in to || to.thread === undefined) return;
      const parameters = { channel_id: to.channel, thread_ts: to.thread, status: "is thinking …" };
      const outcome = await callSlack(
        { ...(await readApi()), method: "assistant.threads.setStatus", parameters },
        services,
      );
      if ("error" in outcome) throw outcome.error;
    },

    async showDraft(draft) {
      const to = targetOf(draft.replyTo);
      if ("responseUrl" in to) return undefined;
      return showDraft(await readApi(), draft, to, services);
    },

    manifest: manifestOf,
  };
});

/** https://docs.slack.dev/apis/events-api#retries */
const RETRY_REASONS = [
  ...["http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "unknown_error"],
];

/** A call that no repetition mends: Slack would make it three times more. After a 401 or 503 it may, as those are mended here. */
function unrepeated({ status, message, field, headers, cause }: WebhookError): WebhookError {
  return new WebhookError(status, message, {
    cause,
    ...(field === undefined ? {} : { field }),
    headers: { ...headers, "x-slack-no-retry": "1" },
  });
}
