import { WebhookError } from "./WebhookError.ts";

/** The JSON of a verified call's body. Throws `WebhookError` 400 when it is not JSON in UTF-8. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new WebhookError(400, `the body is ${body.length} bytes that are not JSON in UTF-8; send a JSON object`, {
      cause,
    });
  }
}
