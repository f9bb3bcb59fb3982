import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { definePlatform, type Operating, type Receiving, type Sending } from "../../adapter/definePlatform.ts";
import { DeliveryError, WebhookError } from "../../adapter/errors.ts";
import { fieldError } from "../../adapter/fieldError.ts";
import { type SecretForm, secretOf, urlSchema } from "../../adapter/options.ts";
import { asAuthFailure, readSecret } from "../../adapter/readSecret.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { toPlain } from "../../adapter/text/toPlain.ts";
import type { Json } from "../../domain/json.ts";
import { callTwilio } from "./callTwilio.ts";
import { formSchema, normalise } from "./normalise.ts";
import { setSmsUrl, smsUrl } from "./numberSettings.ts";
import { signatureOf } from "./signature.ts";

/** The most of one message: https://www.twilio.com/docs/messaging/api/message-resource */
const MAX_TEXT_LENGTH = 1600;

/** Twilio states no form; all are of 32 digits today. */
const AUTH_TOKEN: SecretForm = {
  shows: "an auth token: 32 hex digits",
  matches: (value) => /^[\da-f]{32,}$/i.test(value),
};

const SID = 'an account\'s SID such as "AC" and 32 hex digits';
const NUMBER = 'one of the account\'s numbers such as "+14155550100"';

const optionsSchema = strictFields({
  accountSid: v.pipe(v.string(SID), v.regex(/^AC[\da-f]{32}$/, SID)),
  authToken: secretOf(AUTH_TOKEN),
  number: v.pipe(v.string(NUMBER), v.regex(/^\+[1-9]\d{6,14}$/, NUMBER)),
  publicUrl: v.optional(urlSchema),
  apiBase: v.optional(urlSchema),
});

const sentSchema = v.object({ sid: v.string() });
const replyToSchema = v.object({ to: v.string() });

/** Twilio takes an answer for a message to send; this one sends none. https://www.twilio.com/docs/messaging/twiml */
const NOTHING = { status: 200, headers: { "content-type": "text/xml" }, body: "<Response/>" };

/**
 * SMS by Twilio. `number` is the account's number that people write to. `publicUrl` is the webhook's address as it is set
 * at Twilio, where that is another one than the gateway's own, as behind a CDN: Twilio signs it. `apiBase` is for a proxy.
 */
export const twilio = definePlatform(
  "twilio",
  optionsSchema,
  {
    receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
    sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
    operating: process.env.VESPER_WITHOUT_OPERATING ? undefined : operating,
  },
  { isPublic: true },
);

type TwilioOptions = v.InferOutput<typeof optionsSchema>;

function receiving({ number, publicUrl, authToken }: TwilioOptions, { secrets }: AdapterServices): Receiving {
  return {
    async receive({ method, url, headers, body }) {
      if (method !== "POST") {
        throw new WebhookError(405, `${method} is not taken; Twilio POSTs its messages`, {
          headers: { allow: "POST" },
        });
      }
      const given = headers["x-twilio-signature"] ?? "";
      const parameters = new URLSearchParams(new TextDecoder().decode(body));
      const called = publicUrl === undefined ? url : `${publicUrl}${new URL(url).search}`;
      const isForged = async () =>
        !sameSecret(given, signatureOf(await readSecret(secrets, authToken), called, parameters));
      if (!/^[A-Za-z\d+/]{27}=$/.test(given) || (await isForged())) {
        throw new WebhookError(
          401,
          "x-twilio-signature is missing or wrong: check the auth token, and that Twilio calls the address that it is to",
        );
      }
      const form = Object.fromEntries(parameters);
      const parsed = v.safeParse(formSchema, form);
      if (!parsed.success) throw fieldError(parsed.issues, form);
      return { ...normalise(parsed.output, parameters, number), response: NOTHING };
    },
  };
}

function sending(options: TwilioOptions, services: AdapterServices): Sending {
  return {
    render: (text) => splitText(toPlain(text), MAX_TEXT_LENGTH),

    async send({ text, replyTo }) {
      const form = { To: targetOf(replyTo), From: options.number, Body: text };
      const account = await accountOf(options, services).catch((cause: unknown) => {
        throw asAuthFailure(cause);
      });
      const call = { ...account, path: "Messages.json", form };
      const { sid } = await callTwilio(sentSchema, call, services);
      return sid;
    },
  };
}

function operating(options: TwilioOptions, services: AdapterServices): Operating {
  const { number, publicUrl } = options;
  return {
    async register(url) {
      await setSmsUrl(await accountOf(options, services), number, url, services);
      return `Twilio calls ${url} for each message to ${number}`;
    },

    async unregister() {
      await setSmsUrl(await accountOf(options, services), number, "", services);
      return `Twilio calls no address for ${number}; what people write meanwhile is lost`;
    },

    async registered(url) {
      const set = await smsUrl(await accountOf(options, services), number, services);
      if (set === (publicUrl ?? url)) return true;
      return set === "" ? "no address is set: npx vesper webhooks set" : `another address is set: ${set}`;
    },
  };
}

async function accountOf({ accountSid, authToken, apiBase }: TwilioOptions, { secrets }: AdapterServices) {
  const base = (apiBase ?? "https://api.twilio.com").replace(/\/+$/, "");
  return { apiBase: base, accountSid, authToken: await readSecret(secrets, authToken) };
}

function targetOf(replyTo: Json): string {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success) return target.output.to;
  throw new DeliveryError("invalid", "replyTo is not one that the twilio platform made", { outcome: "not-sent" });
}
