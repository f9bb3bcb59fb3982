import { createHmac } from "node:crypto";
import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError, WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import { type SecretForm, secretOf, secretSchema, urlSchema } from "../../adapter/options.ts";
import type { Platform, WebhookRequest } from "../../adapter/Platform.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import type { Json } from "../../domain/json.ts";
import { callGraph } from "./callGraph.ts";
import { markOf } from "./delivery.ts";
import { normalise } from "./normalise.ts";
import { bodySchema, type ReplyTo, replyToSchema } from "./schema.ts";
import { toWhatsApp } from "./toWhatsApp.ts";
import { setWebhook, unsetWebhook, webhookProblem } from "./webhook.ts";

/** The most of one message, characters; UTF-16 units are never fewer. */
const MAX_TEXT_LENGTH = 4096;

/** The version of the Graph API that this is written for. */
const VERSION = "v26.0";

const TOKEN: SecretForm = {
  shows: 'a system user\'s access token such as "EAAJB…"',
  matches: (value) => /^EAA\w{17,}$/.test(value),
};

const APP_SECRET: SecretForm = {
  shows: "an app secret: 32 hex digits",
  matches: (value) => /^[\da-f]{32}$/.test(value),
};

const ID = "digits, as Meta's pages show them";
const idSchema = v.pipe(v.string(ID), v.regex(/^\d{1,32}$/, ID));

const VERSIONS = `a version of the Graph API such as "${VERSION}"`;

const optionsSchema = strictFields({
  phoneNumberId: idSchema,
  accountId: idSchema,
  appId: idSchema,
  token: secretOf(TOKEN),
  appSecret: secretOf(APP_SECRET),
  verifyToken: v.optional(secretSchema),
  version: v.optional(v.pipe(v.string(VERSIONS), v.regex(/^v\d{1,3}\.0$/, VERSIONS))),
  apiBase: v.optional(urlSchema),
});

const sentSchema = v.object({ messages: v.tupleWithRest([v.object({ id: v.string() })], v.unknown()) });
const readSchema = v.object({ success: v.literal(true) });

/**
 * The WhatsApp Cloud API. `phoneNumberId`, `accountId` (of the WhatsApp Business account) and `appId` are Meta's ids;
 * `token` is a system user's. `verifyToken` is what Meta shows once when the address is set; left out, it is made of the
 * app secret, and `vesper webhooks set` tells it to Meta. `version` is the Graph API's, `apiBase` is for a proxy.
 */
export const whatsapp = defineAdapter(
  "platform",
  "whatsapp",
  optionsSchema,
  (options, services): Platform => {
    const { phoneNumberId, accountId, appId, version = VERSION } = options;
    const apiBase = (options.apiBase ?? "https://graph.facebook.com").replace(/\/+$/, "");
    const readSecret = () => services.secrets.get(options.appSecret);

    const readVerifyToken = async () =>
      options.verifyToken
        ? services.secrets.get(options.verifyToken)
        : // Whoever has the one can have the other: there is nothing to hide from them behind it.
          createHmac("sha256", await readSecret())
            .update("vesper webhook")
            .digest("hex");

    const post = async <Schema extends v.GenericSchema>(schema: Schema, body: Readonly<Record<string, unknown>>) => {
      const token = await services.secrets.get(options.token);
      const call = { apiBase, version, method: "POST", path: `${phoneNumberId}/messages`, token } as const;
      return callGraph(schema, { ...call, body: { messaging_product: "whatsapp", ...body } }, services);
    };

    const settings = async () => {
      const [token, appSecret] = [await services.secrets.get(options.token), await readSecret()];
      return { apiBase, version, appId, accountId, token, appSecret };
    };

    /** Meta asks whether an address is wanted, when it is set. */
    async function handshake({ query }: WebhookRequest) {
      const { "hub.mode": mode, "hub.verify_token": given = "", "hub.challenge": challenge = "" } = query;
      const isWellFormed = mode === "subscribe" && given !== "" && /^[\w.-]{1,256}$/.test(challenge);
      if (!isWellFormed || !sameSecret(given, await readVerifyToken())) {
        throw new WebhookError(
          401,
          "the verify token is missing or wrong: set the address with npx vesper webhooks set",
        );
      }
      const headers = { "content-type": "text/plain; charset=utf-8" };
      return { messages: [], response: { status: 200, headers, body: challenge } };
    }

    return {
      async receive(request) {
        const { method, headers, body } = request;
        if (method === "GET") return handshake(request);
        if (method !== "POST") {
          const allow = "GET, POST";
          throw new WebhookError(405, `${method} is not taken; Meta POSTs its webhooks`, { headers: { allow } });
        }
        const given = headers["x-hub-signature-256"] ?? "";
        if (!/^sha256=[\da-f]{64}$/.test(given) || !sameSecret(given, sign(body, await readSecret()))) {
          throw new WebhookError(401, "x-hub-signature-256 is missing or wrong: check the app secret");
        }
        const json = parseJson(body);
        const parsed = v.safeParse(bodySchema, json);
        if (!parsed.success) throw fieldError(parsed.issues, json);
        const { errors, ...received } = normalise(parsed.output, phoneNumberId);
        for (const code of errors) services.log.warn("whatsapp.error", { code });
        return { ...received, response: { status: 200 } };
      },

      render: (text) => splitText(text, MAX_TEXT_LENGTH),

      async send(chunk) {
        const { to, user } = targetOf(chunk.replyTo);
        const mark = markOf(chunk);
        const { messages } = await post(sentSchema, {
          recipient_type: "individual",
          ...(to === undefined ? { recipient: user } : { to }),
          type: "text",
          text: { body: bodyOf(chunk.text) },
          ...(mark === undefined ? {} : { biz_opaque_callback_data: mark }),
        });
        return messages[0].id;
      },

      async showTyping(replyTo) {
        const { message } = targetOf(replyTo);
        if (message === undefined) return;
        await post(readSchema, { status: "read", message_id: message, typing_indicator: { type: "text" } });
      },

      async register(url) {
        await setWebhook(await settings(), url, await readVerifyToken(), services);
        return `Meta calls ${url} for each message`;
      },

      async unregister() {
        await unsetWebhook(await settings(), services);
        return "Meta calls no address for this account; what users write meanwhile is lost";
      },

      async registered(url) {
        return (await webhookProblem(await settings(), url, services)) ?? true;
      },
    };
  },
  { isPublic: true },
);

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
function sign(body: Uint8Array, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}

function targetOf(replyTo: Json): ReplyTo {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success && (target.output.to ?? target.output.user) !== undefined) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the whatsapp platform made", { outcome: "not-sent" });
}

/** In WhatsApp's marks, unless it would be too long by them, or nothing were left. */
function bodyOf(markdown: string): string {
  const text = toWhatsApp(markdown);
  return text.trim() === "" || text.length > MAX_TEXT_LENGTH ? markdown : text;
}
