import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Receiving } from "../../adapter/definePlatform.ts";
import { WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import type { Received } from "../../adapter/Platform.ts";
import {
  DEFERRED,
  DEFERRED_PRIVATELY,
  NO_CHOICES,
  NOTED,
  NOTHING_SAID,
  PONG,
  REFUSED,
  UNAVAILABLE,
  UNCHANGED,
  UNKNOWN,
} from "./answers.ts";
import { applicationOf, type DiscordOptions } from "./application.ts";
import { ASK } from "./commands.ts";
import { chatNews, normalise } from "./normalise.ts";
import { callSchema, commandSchema, eventSchema } from "./schema.ts";
import { isSigned, publicKeyOf, signedHeaders } from "./signature.ts";

/** Of an interaction, and of a webhook event: https://discord.com/developers/docs/interactions/receiving-and-responding */
const EVENT_PING = 0;
const PING_OR_EVENT = 1;
const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;

/** Commands whose answer is of one user's own business. */
const PRIVATE = ["memory", "status", "help"];

/** Takes Discord's calls: interactions and webhook events. */
export function receiving(options: DiscordOptions, services: AdapterServices): Receiving {
  const { readPublicKey } = applicationOf(options, services);
  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") {
        throw new WebhookError(405, `${method} is not taken; Discord POSTs its interactions`, {
          headers: { allow: "POST" },
        });
      }
      const signed = signedHeaders(headers, services.clock.now());
      if (typeof signed === "string") throw new WebhookError(401, signed);
      if (!isSigned(publicKeyOf(await readPublicKey()), signed, body)) {
        throw new WebhookError(401, "the signature is not by the application's key: check publicKey");
      }
      return received(parseJson(body), options.token !== undefined);
    },
  };
}

/** What a verified call brings, and how it is answered. */
function received(json: unknown, hasToken: boolean): Received {
  const { type, event } = parsed(callSchema, json);
  if (type === EVENT_PING) return { messages: [], response: NOTED };
  if (type === PING_OR_EVENT) {
    if (event === undefined) return { messages: [], response: PONG };
    return { messages: [], chats: chatNews(parsed(eventSchema, event)), response: NOTED };
  }
  if (type === COMPONENT) return { messages: [], response: UNCHANGED };
  if (type === AUTOCOMPLETE) return { messages: [], response: NO_CHOICES };
  if (type !== COMMAND) return { messages: [], response: UNKNOWN };
  const command = parsed(commandSchema, json);
  const message = normalise(command, hasToken);
  if (!message) return { messages: [], response: command.data.name === ASK ? NOTHING_SAID : UNKNOWN };
  const isPrivate = message.chat.type !== "dm" && PRIVATE.includes(message.command ?? "");
  const response = isPrivate ? DEFERRED_PRIVATELY : DEFERRED;
  return { messages: [message], response, refused: REFUSED, unavailable: UNAVAILABLE };
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, json: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw fieldError(result.issues, json);
}
