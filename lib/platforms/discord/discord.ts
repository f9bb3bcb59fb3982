import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError, SecretFormatError, WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import { type SecretForm, type SecretRef, secretOf, urlSchema } from "../../adapter/options.ts";
import type { Platform, Received } from "../../adapter/Platform.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { splitText } from "../../adapter/text/splitText.ts";
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
import { ASK } from "./commands.ts";
import { dismiss } from "./dismiss.ts";
import { endpointProblem, setEndpoint, unsetEndpoint } from "./endpoint.ts";
import { toDiscord } from "./markdown.ts";
import { chatNews, normalise } from "./normalise.ts";
import { callSchema, commandSchema, eventSchema } from "./schema.ts";
import { sendMessage } from "./sendMessage.ts";
import { showDraft } from "./showDraft.ts";
import { isSigned, publicKeyOf, signedHeaders } from "./signature.ts";

/** The most of one message, characters; counted in UTF-16 units, of which there are never fewer. */
const MAX_TEXT_LENGTH = 2_000;

const KEY: SecretForm = {
  shows: "an application's public key, 64 hexadecimal digits",
  matches: (value) => /^[0-9a-f]{64}$/i.test(value),
};

const TOKEN: SecretForm = {
  shows: "a bot's token, three parts with dots between them",
  matches: (value) => /^[\w-]{10,64}\.[\w-]{4,16}\.[\w-]{20,128}$/.test(value),
};

const optionsSchema = strictFields({
  publicKey: secretOf(KEY),
  token: v.optional(secretOf(TOKEN)),
  apiBase: v.optional(urlSchema),
});

/** Of an interaction, and of a webhook event: https://discord.com/developers/docs/interactions/receiving-and-responding */
const EVENT_PING = 0;
const PING_OR_EVENT = 1;
const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;

/** Commands whose answer is of one user's own business. */
const PRIVATE = ["memory", "status", "help"];

/**
 * Discord, by its interactions: commands reach it, what is written in a channel does not. `publicKey` is the application's,
 * by which Discord's calls are known; no secret, but it differs from stage to stage as secrets do. `token` is its bot's:
 * without it a command can be answered for 15 minutes and not later, and `vesper webhooks set` can't tell Discord the address
 * and the commands. `apiBase` is for a proxy.
 */
export const discord = defineAdapter(
  "platform",
  "discord",
  optionsSchema,
  (options, services): Platform => {
    const apiBase = (options.apiBase ?? "https://discord.com/api/v10").replace(/\/+$/, "");

    const readPublicKey = async () => {
      const key = await services.secrets.get(options.publicKey);
      if (KEY.matches(key)) return key.toLowerCase();
      throw new SecretFormatError(options.publicKey, KEY.shows);
    };

    const readToken = async (ref: SecretRef) => {
      const token = await services.secrets.get(ref);
      if (TOKEN.matches(token)) return token;
      throw new SecretFormatError(ref, TOKEN.shows);
    };

    const sender = {
      apiBase,
      readToken: async () => {
        try {
          return options.token && (await readToken(options.token));
        } catch (cause) {
          if (!(cause instanceof SecretFormatError)) throw cause;
          throw new DeliveryError("auth", cause.message, { cause, outcome: "not-sent" });
        }
      },
    };

    /** What a bot alone may do. */
    const asBot = (ref: SecretRef) => {
      const owner = async () => ({ apiBase, token: await readToken(ref), publicKey: await readPublicKey() });
      return {
        register: async (url: string) => setEndpoint(await owner(), url, services),
        unregister: async () => unsetEndpoint(await owner(), services),
        registered: async (url: string) => (await endpointProblem(await owner(), url, services)) ?? true,
      };
    };

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

      render: (text) => splitText(toDiscord(text), MAX_TEXT_LENGTH),
      send: (chunk) => sendMessage(sender, chunk, services),
      dismiss: (replyTo) => dismiss(apiBase, replyTo, services),
      showDraft: (draft) => showDraft(apiBase, draft, services),
      ...(options.token ? asBot(options.token) : {}),
    };
  },
  { isPublic: true },
);

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
