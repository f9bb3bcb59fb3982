import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError, WebhookError } from "../../adapter/errors.ts";
import { fieldError } from "../../adapter/fieldError.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import { responseError } from "../../adapter/http/responseError.ts";
import type { Received, WebhookResponse } from "../../adapter/Platform.ts";
import { TIMEOUT } from "./callSlack.ts";
import { readSlash } from "./readCommand.ts";
import { readText } from "./readText.ts";
import { commandSchema } from "./schema.ts";
import { escapeText, withoutAlarms } from "./writeText.ts";

/** How long a command can be answered at its address: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const ANSWERABLE = 30 * 60_000;

/**
 * What a verified slash command brings: words or a command in its user's own conversation, wherever it was typed, as
 * only they see the answers. Other forms, such as a pressed button, are taken and ignored. Throws `WebhookError` 400.
 *
 * @param sentAt when Slack signed it, milliseconds since the epoch
 */
export function receiveCommand(body: Uint8Array, sentAt: number, apiBase: string): Received {
  const form = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString("utf8")));
  if (form.ssl_check !== undefined || form.payload !== undefined) return { messages: [], response: { status: 200 } };
  const parsed = v.safeParse(commandSchema, form);
  if (!parsed.success) throw fieldError(parsed.issues, form);
  const { command, text, user_id: user, trigger_id, response_url: responseUrl } = parsed.output;
  if (!isResponseUrl(responseUrl, apiBase)) {
    throw new WebhookError(400, "response_url is not an address of Slack's", { field: "response_url" });
  }
  return {
    messages: [
      {
        messageId: `command-${trigger_id}`,
        sentAt,
        chat: { id: user, type: "dm" },
        user: { id: user },
        role: "user",
        ...readSlash(command, readText(text).text),
        origin: "chat",
        replyTo: { responseUrl },
        replyUntil: sentAt + ANSWERABLE,
      },
    ],
    response: toUser("One moment …"),
    refused: toUser("You can't talk to this bot: whoever runs it has to let you in."),
    unavailable: toUser("I can't take this just now. Please try again in a minute."),
  };
}

/** Sends a piece of an answer to whoever typed the command, and to nobody else. */
export async function respond(
  responseUrl: string,
  text: string,
  apiBase: string,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<undefined> {
  if (!isResponseUrl(responseUrl, apiBase)) {
    throw new DeliveryError("invalid", "the command's address is not one of Slack's", { outcome: "not-sent" });
  }
  const plain = { response_type: "ephemeral", text: escapeText(text) };
  const formatted = { ...plain, blocks: [{ type: "markdown", text: withoutAlarms(text) }] };
  for (const message of [formatted, plain]) {
    const response = await exchange(http, {
      url: responseUrl,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      timeout: TIMEOUT,
    });
    if (response.status === 200) return undefined;
    // The address is a secret of the user's; of it only the host is told.
    const error = responseError(responseUrl, response, clock.now());
    if (error.kind !== "invalid" || message === plain) throw error;
  }
  return undefined;
}

/** Whether an address is of the same Slack as its Web API: `hooks.slack.com` beside `slack.com`. */
function isResponseUrl(url: string, apiBase: string): boolean {
  const { protocol, host } = new URL(apiBase);
  const { origin } = new URL(url);
  return origin === `${protocol}//hooks.${host}` || origin === `${protocol}//${host}`;
}

function toUser(text: string): WebhookResponse {
  const headers = { "content-type": "application/json" };
  return { status: 200, headers, body: JSON.stringify({ response_type: "ephemeral", text }) };
}
