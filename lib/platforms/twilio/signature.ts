import { createHmac } from "node:crypto";

/**
 * Twilio's signature of a call: over the address that it called and the form's parameters by their names.
 * https://www.twilio.com/docs/usage/security#validating-requests
 *
 * @param url as it is set at Twilio, query included
 */
export function signatureOf(authToken: string, url: string, parameters: URLSearchParams): string {
  const names = [...new Set(parameters.keys())].sort();
  const signed = names.flatMap((name) => [...new Set(parameters.getAll(name))].sort().map((value) => name + value));
  return createHmac("sha1", authToken)
    .update(url + signed.join(""))
    .digest("base64");
}
