import { Webhook } from "standardwebhooks";
import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

/** A call whose signature was right. */
export interface ReceivedCall {
  /** Its `webhook-id`. */
  readonly id: string;
  readonly path: string;
  /** Its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it with expect
  readonly body: any;
  /** The id had come before. */
  readonly repeated: boolean;
}

export interface WebhookReceiver extends FaultServer {
  readonly secret: string;
  /** Every call that was accepted, in order, repetitions included. */
  readonly received: readonly ReceivedCall[];
  /** Each id's first call: what a receiver that drops repetitions has. */
  readonly effects: readonly ReceivedCall[];
  /** Ids that came again with another body. Always empty when the sender is right. */
  readonly conflicts: readonly string[];
}

/** The secret of the Standard Webhooks library's own tests. */
export const TEST_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/**
 * A program that takes Standard Webhooks, for session ends and for the `http` platform's replies. Signatures are checked
 * by the official library; times against `now` (milliseconds) where the test moves the clock. A body of more than
 * `maxBytes` is answered with 413.
 */
export async function startWebhookReceiver(
  options: { readonly secret?: string; readonly now?: () => number; readonly maxBytes?: number } = {},
): Promise<WebhookReceiver> {
  const secret = options.secret ?? TEST_SECRET;
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  const official = new Webhook(secret);
  const received: ReceivedCall[] = [];
  const effects: ReceivedCall[] = [];
  const bodies = new Map<string, string>();
  const conflicts: string[] = [];

  const accept = ({ method, path, headers, body }: SeenRequest): Answer => {
    if (method !== "POST") return { status: 405 };
    if (Buffer.byteLength(body) > maxBytes) return { status: 413, body: "request entity too large" };
    if (!isSigned(official, headers, body, options.now)) return { status: 401, body: "bad signature" };
    const id = headers["webhook-id"] ?? "";
    const earlier = bodies.get(id);
    const call = { id, path, body: JSON.parse(body), repeated: earlier !== undefined };
    received.push(call);
    if (earlier === undefined) effects.push(call);
    else if (earlier !== body) conflicts.push(id);
    bodies.set(id, body);
    return { status: 200, body: '{"accepted":true}' };
  };

  return { ...(await startFaultServer(accept)), secret, received, effects, conflicts };
}

function isSigned(
  official: Webhook,
  headers: Readonly<Record<string, string>>,
  body: string,
  now: (() => number) | undefined,
): boolean {
  if (!now) {
    try {
      official.verify(body, headers);
      return true;
    } catch {
      return false;
    }
  }
  // `verify` knows only the global clock: the library computes the signature, the time is checked here.
  const time = Number(headers["webhook-timestamp"]) * 1000;
  if (!(Math.abs(now() - time) <= 300_000)) return false;
  const expected = official.sign(headers["webhook-id"] ?? "", new Date(time), body);
  return (headers["webhook-signature"] ?? "").split(" ").includes(expected);
}
