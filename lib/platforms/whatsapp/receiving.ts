import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Receiving } from "../../adapter/definePlatform.ts";
import { WebhookError } from "../../adapter/errors.ts";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import type { WebhookRequest } from "../../adapter/Platform.ts";
import { sameSecret } from "../../adapter/signing/signingSecrets.ts";
import { accountOf, type WhatsAppOptions } from "./account.ts";
import { normalise } from "./normalise.ts";
import { bodySchema } from "./schema.ts";
import { signatureOf } from "./signature.ts";

/** Takes Meta's calls: webhooks, and the question whether an address is wanted. */
export function receiving(options: WhatsAppOptions, services: AdapterServices): Receiving {
  const { phoneNumberId, readAppSecret, readVerifyToken } = accountOf(options, services);

  /** Meta asks whether an address is wanted, when it is set. */
  async function handshake({ query }: WebhookRequest) {
    const { "hub.mode": mode, "hub.verify_token": given = "", "hub.challenge": challenge = "" } = query;
    const isWellFormed = mode === "subscribe" && given !== "" && /^[\w.-]{1,256}$/.test(challenge);
    if (!isWellFormed || !sameSecret(given, await readVerifyToken())) {
      throw new WebhookError(401, "the verify token is missing or wrong: set the address with npx vesper webhooks set");
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
      if (!/^sha256=[\da-f]{64}$/.test(given) || !sameSecret(given, signatureOf(body, await readAppSecret()))) {
        throw new WebhookError(401, "x-hub-signature-256 is missing or wrong: check the app secret");
      }
      const json = parseJson(body);
      const parsed = v.safeParse(bodySchema, json);
      if (!parsed.success) throw fieldError(parsed.issues, json);
      const { errors, ...received } = normalise(parsed.output, phoneNumberId);
      for (const code of errors) services.log.warn("whatsapp.error", { code });
      return { ...received, response: { status: 200 } };
    },
  };
}
