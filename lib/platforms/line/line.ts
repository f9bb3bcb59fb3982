import { createHash, createHmac } from "node:crypto";
import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { definePlatform, type Operating, type Receiving, type Sending } from "../../adapter/definePlatform.ts";
import { DeliveryError, WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import { type SecretForm, secretOf, urlSchema } from "../../adapter/options.ts";
import type { OutboundChunk } from "../../adapter/Platform.ts";
import { asAuthFailure, readSecret } from "../../adapter/readSecret.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { toPlain } from "../../adapter/text/toPlain.ts";
import type { Json } from "../../domain/json.ts";
import { callLine, isTokenSpent, type LineCall } from "./callLine.ts";
import { normalise } from "./normalise.ts";
import { bodySchema, type ReplyTo, replyToSchema } from "./schema.ts";

/** The most of one message, UTF-16 units: https://developers.line.biz/en/docs/messaging-api/text-character-count/ */
const MAX_TEXT_LENGTH = 5000;

/** A reply token answers for about a minute after its event, milliseconds; some of it is kept for the way there. */
const TOKEN_LIVES = 50_000;

/** For how long LINE shows that an answer is being written, seconds: a multiple of five. */
const TYPING = 5;

/** LINE states no form; all are of 32 digits today. */
const CHANNEL_SECRET: SecretForm = {
  shows: "a channel secret: 32 hex digits",
  matches: (value) => /^[\da-f]{32,}$/i.test(value),
};

/** "An opaque string": https://developers.line.biz/en/docs/basics/channel-access-token/ */
const ACCESS_TOKEN: SecretForm = {
  shows: "a channel access token: letters, digits and +/=, without blanks and quotes",
  matches: (value) => /^[!#-&(-~]+$/.test(value),
};

const optionsSchema = strictFields({
  channelSecret: secretOf(CHANNEL_SECRET),
  accessToken: secretOf(ACCESS_TOKEN),
  apiBase: v.optional(urlSchema),
});

const sentSchema = v.object({ sentMessages: v.tupleWithRest([v.object({ id: v.string() })], v.unknown()) });
const endpointSchema = v.object({ endpoint: v.optional(v.string(), ""), active: v.optional(v.boolean(), false) });

/**
 * LINE's Messaging API. `channelSecret` signs its webhooks; `accessToken` is the channel's long-lived token. `apiBase` is
 * for a proxy.
 */
export const line = definePlatform(
  "line",
  optionsSchema,
  {
    receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
    sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
    operating: process.env.VESPER_WITHOUT_OPERATING ? undefined : operating,
  },
  { isPublic: true },
);

type LineOptions = v.InferOutput<typeof optionsSchema>;

function receiving(options: LineOptions, services: AdapterServices): Receiving {
  return {
    async receive({ method, headers, body }) {
      if (method !== "POST") {
        throw new WebhookError(405, `${method} is not taken; LINE POSTs its events`, { headers: { allow: "POST" } });
      }
      const given = headers["x-line-signature"] ?? "";
      const readChannelSecret = () => readSecret(services.secrets, options.channelSecret);
      const isForged = async () => !sameSecret(given, sign(body, await readChannelSecret()));
      if (!/^[A-Za-z\d+/]{43}=$/.test(given) || (await isForged())) {
        throw new WebhookError(401, "x-line-signature is missing or wrong: check the channel secret");
      }
      const json = parseJson(body);
      const parsed = v.safeParse(bodySchema, json);
      if (!parsed.success) throw fieldError(parsed.issues, json);
      return { ...normalise(parsed.output.events), response: { status: 200 } };
    },
  };
}

function sending(options: LineOptions, services: AdapterServices): Sending {
  const call = caller(options, services, asAuthFailure);
  const reply = (token: string, messages: readonly object[]) =>
    call(sentSchema, { method: "POST", path: "message/reply", body: { replyToken: token, messages } });
  const push = (to: string, messages: readonly object[], key: string) =>
    call(sentSchema, { method: "POST", path: "message/push", body: { to, messages }, retryKey: uuidOf(key) });

  /** The token of a message answers it once, for nothing; pushing counts against what the channel pays for. */
  async function sendFirst({ key }: OutboundChunk, { to, token, at }: ReplyTo, messages: readonly object[]) {
    const isFresh = token !== undefined && services.clock.now() < at + TOKEN_LIVES;
    if (!isFresh) return push(to, messages, key);
    try {
      return await reply(token, messages);
    } catch (error) {
      if (!isTokenSpent(error)) throw error;
      return push(to, messages, key);
    }
  }

  return {
    render: (text) => splitText(toPlain(text), MAX_TEXT_LENGTH),

    async send(chunk) {
      const target = targetOf(chunk.replyTo);
      const messages = [{ type: "text", text: chunk.text }];
      const { sentMessages } =
        chunk.index === 0 ? await sendFirst(chunk, target, messages) : await push(target.to, messages, chunk.key);
      return sentMessages[0].id;
    },

    async showTyping(replyTo) {
      const { to, isDirect } = targetOf(replyTo);
      // Groups have no such sign.
      if (!isDirect) return;
      const body = { chatId: to, loadingSeconds: TYPING };
      await call(v.unknown(), { method: "POST", path: "chat/loading/start", body });
    },
  };
}

function operating(options: LineOptions, services: AdapterServices): Operating {
  const call = caller(options, services);
  return {
    async register(url) {
      await call(v.unknown(), { method: "PUT", path: "channel/webhook/endpoint", body: { endpoint: url } });
      return `LINE calls ${url} for each event, once "Use webhook" is on in the console`;
    },

    async registered(url) {
      const { endpoint, active } = await call(endpointSchema, { method: "GET", path: "channel/webhook/endpoint" });
      if (endpoint !== url) return endpoint === "" ? "no address is set" : `another address is set: ${endpoint}`;
      return active || 'the address is set, but "Use webhook" is off in the LINE Developers console';
    },
  };
}

/**
 * Calls the Messaging API as the channel.
 *
 * @param failure what is thrown where the token can't be had, made of its cause
 */
function caller(options: LineOptions, services: AdapterServices, failure = (cause: unknown) => cause) {
  const apiBase = (options.apiBase ?? "https://api.line.me").replace(/\/+$/, "");
  return async <Schema extends v.GenericSchema>(schema: Schema, more: Omit<LineCall, "apiBase" | "token">) => {
    const token = await readSecret(services.secrets, options.accessToken).catch((cause: unknown) => {
      throw failure(cause);
    });
    return callLine(schema, { apiBase, token, ...more }, services);
  };
}

function sign(body: Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/** A UUID of a key, the same each time. */
function uuidOf(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function targetOf(replyTo: Json): ReplyTo {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the line platform made", { outcome: "not-sent" });
}
