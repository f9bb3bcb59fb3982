import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import { responseError } from "../../adapter/http/responseError.ts";
import { TIMEOUT } from "./callSlack.ts";
import { isResponseUrl } from "./isResponseUrl.ts";
import { escapeText, withoutAlarms } from "./writeText.ts";

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
