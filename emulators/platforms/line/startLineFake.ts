import * as v from "valibot";
import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../../lib/adapter/testing/faultServer.ts";

/** A message that went out, as LINE has it. */
export interface SentMessage {
  readonly id: string;
  /** The chat, or for a reply the token that it was sent by. */
  readonly to: string;
  readonly by: "reply" | "push";
  readonly text: string;
}

export interface LineFake extends FaultServer {
  readonly channelSecret: string;
  readonly accessToken: string;
  readonly sent: readonly SentMessage[];
  /** The chats in which it was shown that an answer is being written. */
  readonly typing: readonly string[];
  /** The webhook's address; empty: none. */
  readonly endpoint: string;
  /** Whether webhooks are on in the console. */
  active: boolean;
  /** A reply token of a message in a chat: it answers once. */
  issue(token: string, chat: string): void;
  /** The channel's messages of this month are used up. */
  useUp(): void;
}

/** A channel that nobody else has. */
export const CHANNEL = { channelSecret: "0123456789abcdef0123456789abcdef", accessToken: "lineToken/".repeat(12) };

const textSchema = v.strictObject({
  type: v.literal("text"),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(5000)),
});
const messagesSchema = v.pipe(v.array(textSchema), v.minLength(1), v.maxLength(5));
const replySchema = v.strictObject({ replyToken: v.string(), messages: messagesSchema });
const pushSchema = v.strictObject({ to: v.string(), messages: messagesSchema });
const loadingSchema = v.strictObject({
  chatId: v.string(),
  loadingSeconds: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(60), v.multipleOf(5)),
});
const endpointSchema = v.strictObject({ endpoint: v.pipe(v.string(), v.regex(/^https:\/\/.{1,492}$/)) });

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * The part of the Messaging API that is used, strict: what the real one would refuse is refused, with its own errors, and so
 * is a parameter that it would silently ignore. https://developers.line.biz/en/reference/messaging-api/
 */
export async function startLineFake(changes: Partial<typeof CHANNEL> = {}): Promise<LineFake> {
  const channel = { ...CHANNEL, ...changes };
  const sent: SentMessage[] = [];
  const typing: string[] = [];
  const tokens = new Map<string, string>();
  const accepted = new Map<string, object>();
  let [endpoint, active, isUsedUp] = ["", true, false];

  const take = (to: string, by: SentMessage["by"], messages: v.InferOutput<typeof messagesSchema>) => {
    const taken = messages.map(
      ({ text }): SentMessage => ({ id: String(461_230_966_842_064_897n + BigInt(sent.length)), to, by, text }),
    );
    sent.push(...taken);
    return { sentMessages: taken.map(({ id }) => ({ id, quoteToken: `q-${id}` })) };
  };

  const accept = (request: SeenRequest): Answer => {
    if (request.headers.authorization !== `Bearer ${channel.accessToken}`) {
      return failure(401, "Authentication failed. Confirm that the access token in the authorization header is valid.");
    }
    const route = `${request.method} ${request.path.replace("/v2/bot/", "")}`;
    if (route === "POST message/reply") return reply(request);
    if (route === "POST message/push") return push(request);
    if (route === "POST chat/loading/start") return load(request);
    if (route === "GET channel/webhook/endpoint")
      return endpoint === "" ? failure(404, "Not found") : json(200, { endpoint, active });
    if (route === "PUT channel/webhook/endpoint") {
      const parsed = read(endpointSchema, request);
      if (!parsed) return failure(400, "Invalid webhook endpoint URL");
      endpoint = parsed.endpoint;
      return json(200, {});
    }
    return failure(404, "Not found");
  };

  const reply = (request: SeenRequest): Answer => {
    const parsed = read(replySchema, request);
    if (!parsed) return failure(400, "The request body has 1 error(s)");
    const chat = tokens.get(parsed.replyToken);
    if (chat === undefined) return failure(400, "Invalid reply token");
    tokens.delete(parsed.replyToken);
    return json(200, take(chat, "reply", parsed.messages));
  };

  const push = (request: SeenRequest): Answer => {
    const key = request.headers["x-line-retry-key"];
    if (key !== undefined && !UUID.test(key)) return failure(400, "Invalid retry key");
    const before = key === undefined ? undefined : accepted.get(key);
    if (before) {
      const answer = json(409, { message: "The retry key is already accepted", ...before });
      return { ...answer, headers: { ...answer.headers, "x-line-accepted-request-id": "r-1" } };
    }
    if (isUsedUp) return failure(429, "You have reached your monthly limit.");
    const parsed = read(pushSchema, request);
    if (!parsed) return failure(400, "The request body has 1 error(s)");
    const taken = take(parsed.to, "push", parsed.messages);
    if (key !== undefined) accepted.set(key, taken);
    return json(200, taken);
  };

  const load = (request: SeenRequest): Answer => {
    const parsed = read(loadingSchema, request);
    // Only in a chat with one person: https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator
    if (!parsed || /^[CR]/.test(parsed.chatId)) return failure(400, "The property, 'chatId', is invalid");
    typing.push(parsed.chatId);
    return json(202, {});
  };

  const server = await startFaultServer(accept, (status, headers) => {
    const answer = failure(status, `scripted ${status}`);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
  return {
    ...server,
    ...channel,
    sent,
    typing,
    get endpoint() {
      return endpoint;
    },
    get active() {
      return active;
    },
    set active(value) {
      active = value;
    },
    issue: (token, chat) => void tokens.set(token, chat),
    useUp: () => {
      isUsedUp = true;
    },
  };
}

function read<Schema extends v.GenericSchema>(schema: Schema, { headers, body }: SeenRequest) {
  if (!headers["content-type"]?.startsWith("application/json")) return undefined;
  const parsed = v.safeParse(schema, JSON.parse(body));
  return parsed.success ? parsed.output : undefined;
}

function failure(status: number, message: string) {
  return json(status, { message });
}

function json(status: number, body: unknown) {
  return {
    status,
    headers: { "content-type": "application/json" } as Record<string, string>,
    body: JSON.stringify(body),
  };
}
