import type { WebhookResponse } from "../../adapter/Platform.ts";

// How an interaction is answered: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object

/** That Discord's look at the address is understood. */
export const PONG = answer({ type: 1 });

/** "… is thinking", until the reply takes its place. */
export const DEFERRED = answer({ type: 5 });

/** The same, where only whoever is answered sees the reply. */
export const DEFERRED_PRIVATELY = answer({ type: 5, data: { flags: 64 } });

/** A button or menu of a message that somebody else has made: the message stays as it is. */
export const UNCHANGED = answer({ type: 6 });

export const NO_CHOICES = answer({ type: 8, data: { choices: [] } });

/** Of a webhook event; it has no body, and Discord wants a content type all the same. */
export const NOTED: WebhookResponse = { status: 204, headers: { "content-type": "application/json" } };

export const REFUSED = ephemeral("I don't talk to everybody, and nobody has told me to talk to you here.");

export const UNAVAILABLE = ephemeral("I can't take that just now. Please send it again in a minute.");

export const UNKNOWN = ephemeral("I don't know what to do with this. /help tells what I know.");

export const NOTHING_SAID = ephemeral("There was nothing in that. Write something behind /ask.");

/** Only whoever is answered sees it. */
function ephemeral(content: string): WebhookResponse {
  return answer({ type: 4, data: { content, flags: 64, allowed_mentions: { parse: [] } } });
}

function answer(body: unknown): WebhookResponse {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
