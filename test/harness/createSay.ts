import { Webhook } from "standardwebhooks";
import { TEST_SECRET } from "./webhookReceiver.ts";

/** A message to the `http` platform; everything has a default. */
export interface Said {
  readonly conversation?: string;
  /** Default: Ann. `null`: the message names nobody. */
  readonly user?: { readonly id: string; readonly name?: string } | null;
  readonly chatType?: "dm" | "group" | "thread";
  readonly role?: "user" | "assistant";
  readonly origin?: "chat" | "scheduled";
  /** Default: now. `null`: the platform does not say. */
  readonly sentAt?: number | null;
  /** Default: a new one. */
  readonly messageId?: string;
}

type Post<Answer> = (platform: string, body: string, headers: Record<string, string>) => Promise<Answer>;

/** Makes the function that posts a signed message to the `http` platform. */
export function createSay<Answer>(post: Post<Answer>) {
  let deliveries = 0;

  return async function say(text: string, said: Said = {}) {
    const { conversation = "ann", user = { id: "ann", name: "Ann" }, sentAt = Date.now(), messageId, ...rest } = said;
    // Messages of one millisecond are told apart, and ordered, by this.
    const id = messageId ?? `msg-${String(++deliveries).padStart(6, "0")}`;
    const body = JSON.stringify({
      conversation,
      ...(user && rest.role !== "assistant" ? { user } : {}),
      text,
      ...(sentAt === null ? {} : { sentAt }),
      ...rest,
    });
    const signature = new Webhook(TEST_SECRET).sign(id, new Date(), body);
    return post("http", body, {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": signature,
    });
  };
}
