import * as v from "valibot";
import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../../lib/adapter/testing/faultServer.ts";
import {
  MOST_TEXT,
  postSchema,
  type Subscription,
  subscribeSchema,
  subscriptionSchema,
  type TextMessage,
} from "./contracts.ts";
import { type ErrorCode, graphError, json, noObject, statusError } from "./graphError.ts";

/** A message that went out, as Meta has it. */
export interface SentMessage extends TextMessage {
  readonly id: string;
}

/** What the fake knows of its bot. */
export interface WhatsAppIds {
  readonly appId: string;
  readonly accountId: string;
  readonly phoneNumberId: string;
  readonly token: string;
  readonly appSecret: string;
}

export interface WhatsAppFake extends FaultServer, WhatsAppIds {
  readonly sent: readonly SentMessage[];
  /** The messages that were marked as read, with typing shown, in order. */
  readonly typing: readonly string[];
  /** What the app's webhook is set to. */
  readonly subscription: Subscription | undefined;
  /** Whether the account's webhooks go to the app. */
  readonly isSubscribed: boolean;
  /** From now on what is written to somebody is refused so; `undefined`: it is taken again. */
  refuse(to: string, code: ErrorCode | undefined): void;
  /** The status of a message that went out, as a webhook brings it. */
  statusOf(message: SentMessage, status: "sent" | "delivered" | "read" | "failed", code?: ErrorCode): object;
}

/** The ids of a bot that nobody else has. */
export const IDS: WhatsAppIds = {
  ...{ appId: "670843887433847", accountId: "102290129340398", phoneNumberId: "106540352242922" },
  ...{ token: "EAAJBtestTOKENforTHEfake0123456789", appSecret: "0123456789abcdef0123456789abcdef" },
};

/**
 * The part of the Cloud API that is used, strict: what the real one would refuse is refused, with its own errors, and so
 * is a parameter that it would silently ignore.
 */
export async function startWhatsAppFake(changes: Partial<WhatsAppIds> = {}): Promise<WhatsAppFake> {
  const ids = { ...IDS, ...changes };
  const sent: SentMessage[] = [];
  const typing: string[] = [];
  const refusals = new Map<string, ErrorCode>();
  let subscription: Subscription | undefined;
  let isSubscribed = false;

  const accept = (request: SeenRequest): Answer => {
    const [, id = "", edge = ""] = /^\/v\d+\.0\/(\d+)\/(\w+)$/.exec(request.path) ?? [];
    if (id === "") return graphError(100, "Unknown path components");
    const isApp = edge === "subscriptions";
    if (request.headers.authorization !== `Bearer ${isApp ? `${ids.appId}|${ids.appSecret}` : ids.token}`) {
      return graphError(190);
    }
    if (edge === "messages" && id === ids.phoneNumberId && request.method === "POST") return post(request);
    if (isApp && id === ids.appId) return ofApp(request);
    if (edge === "subscribed_apps" && id === ids.accountId) return ofAccount(request);
    return noObject(id);
  };

  const post = (request: SeenRequest): Answer => {
    const message = read(postSchema, request);
    if ("refused" in message) return message.refused;
    const { value } = message;
    if ("status" in value) {
      // Only a message of this number's can be marked as read.
      if (!value.message_id.startsWith("wamid.")) return graphError(100, "Invalid message_id");
      if (value.typing_indicator) typing.push(value.message_id);
      return json(200, { success: true });
    }
    const to = value.to ?? value.recipient;
    if (to === undefined) return graphError(100, "The parameter to is required.");
    if (value.text.body.length > MOST_TEXT)
      return graphError(100, `Param text['body'] must be at most ${MOST_TEXT} characters long.`);
    const refusal = refusals.get(to);
    if (refusal !== undefined) return graphError(refusal);
    const id = `wamid.${Buffer.from(`${to} ${sent.length + 1}`).toString("base64")}`;
    sent.push({ id, ...value });
    const contact = value.to === undefined ? { input: to, user_id: to } : { input: to, wa_id: to.replace("+", "") };
    return json(200, { messaging_product: "whatsapp", contacts: [contact], messages: [{ id }] });
  };

  const ofApp = (request: SeenRequest): Answer => {
    if (request.method === "GET") {
      const { object, callback_url, fields = "" } = subscription ?? {};
      const named = fields.split(",").map((name) => ({ name, version: "v26.0" }));
      return json(200, { data: subscription ? [{ object, callback_url, active: true, fields: named }] : [] });
    }
    const wanted = read(subscriptionSchema, request);
    if (request.method !== "POST" || "refused" in wanted) return "refused" in wanted ? wanted.refused : noObject("?");
    subscription = wanted.value;
    return json(200, { success: true });
  };

  const ofAccount = (request: SeenRequest): Answer => {
    const app = { whatsapp_business_api_data: { id: ids.appId, link: "https://www.facebook.com/", name: "Vesper" } };
    if (request.method === "GET") return json(200, { data: isSubscribed ? [app] : [] });
    if (request.method === "POST" && request.body !== "") {
      const wanted = read(subscribeSchema, request);
      if ("refused" in wanted) return wanted.refused;
    }
    isSubscribed = request.method === "POST";
    return json(200, { success: true });
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const error = { message: `scripted ${status}`, type: "OAuthException", code: -1 };
    const answer = json(status, { error });
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return {
    ...server,
    ...ids,
    sent,
    typing,
    get subscription() {
      return subscription;
    },
    get isSubscribed() {
      return isSubscribed;
    },
    refuse: (to, code) => (code === undefined ? refusals.delete(to) : refusals.set(to, code)),
    statusOf: ({ id, to, recipient, biz_opaque_callback_data: data }, status, code = 131_026) => ({
      ...{ id, status, timestamp: "1772366460" },
      ...(to === undefined ? {} : { recipient_id: to }),
      // Of a failure it is only told where the message was sent to it.
      ...(recipient === undefined ? {} : { recipient_user_id: recipient }),
      ...(data === undefined ? {} : { biz_opaque_callback_data: data }),
      ...(status === "failed"
        ? { errors: [statusError(code)] }
        : { pricing: { billable: false, pricing_model: "PMP", category: "service", type: "free_customer_service" } }),
    }),
  };
}

/** A request's body by its contract, or how it is refused. */
function read<Schema extends v.GenericSchema>(
  schema: Schema,
  { headers, body }: SeenRequest,
): { readonly value: v.InferOutput<Schema> } | { readonly refused: Answer } {
  if (!headers["content-type"]?.startsWith("application/json")) return { refused: graphError(100, "not JSON") };
  const parsed = v.safeParse(schema, JSON.parse(body));
  if (parsed.success) return { value: parsed.output };
  const issue = parsed.issues[0];
  const where = issue ? v.getDotPath(issue) : undefined;
  return { refused: graphError(100, `Unexpected key or value at "${where ?? ""}"`) };
}
