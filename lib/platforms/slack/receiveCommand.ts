import * as v from "valibot";
import { WebhookError } from "../../adapter/errors.ts";
import { fieldError } from "../../adapter/fieldError.ts";
import type { Received, WebhookResponse } from "../../adapter/Platform.ts";
import { isResponseUrl } from "./isResponseUrl.ts";
import { readSlash } from "./readCommand.ts";
import { readText } from "./readText.ts";
import { commandSchema } from "./schema.ts";

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

function toUser(text: string): WebhookResponse {
  const headers = { "content-type": "application/json" };
  return { status: 200, headers, body: JSON.stringify({ response_type: "ephemeral", text }) };
}
