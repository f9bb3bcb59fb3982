import { createHmac, timingSafeEqual } from "node:crypto";

/** A call may be this much older or newer than our clock, seconds: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const TOLERANCE = 5 * 60;

type Headers = Readonly<Record<string, string>>;

/**
 * What tells at once, without the secret, that a call is not Slack's: its headers' forms and its time.
 *
 * @param now milliseconds since the epoch
 */
export function headerProblem(headers: Headers, now: number): string | undefined {
  const { "x-slack-signature": signature, "x-slack-request-timestamp": timestamp } = headers;
  if (!signature || !timestamp) return "the headers x-slack-signature and x-slack-request-timestamp are required";
  if (!/^\d{1,12}$/.test(timestamp)) return "x-slack-request-timestamp must be seconds since the epoch";
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (Math.abs(age) > TOLERANCE) return "x-slack-request-timestamp is more than 5 minutes from our clock";
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return 'x-slack-signature must be "v0=" and 64 hexadecimal digits';
  return undefined;
}

/** Whether a call, whose headers have their forms, is signed with the secret over the exact bytes of its body. */
export function isSigned(secret: string, headers: Headers, body: Uint8Array): boolean {
  const { "x-slack-signature": signature = "", "x-slack-request-timestamp": timestamp = "" } = headers;
  const given = Buffer.from(signature.slice(3), "hex");
  const expected = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}
