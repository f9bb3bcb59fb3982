import { applicationSchema, commandsSchema, messageSchema } from "./contracts.ts";
import { type ApiAnswer, apiError, type ErrorCode, json, statusError } from "./errors.ts";
import { createInteractionTokens, type SentInteraction } from "./interactionTokens.ts";
import { createMessageStore, type ShownMessage } from "./messageStore.ts";
import { parsed } from "./parsed.ts";

/** A call of the API. Names of headers in lower case. */
export interface ApiRequest {
  readonly method: string;
  /** Behind the host, such as `/api/v10/applications/@me`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Discord's API, with what it remembers. */
export interface DiscordApi {
  handle(request: ApiRequest): ApiAnswer;
  /** All that is shown, in the order in which it appeared. */
  readonly messages: readonly ShownMessage[];
  /** An interaction has been sent to the application. */
  begin(interaction: SentInteraction): void;
  /** Reads what the application answered the interaction's call. */
  answered(token: string, status: number, body: string): void;
  /** Somebody deletes the interaction's first message. */
  deleteOriginal(token: string): void;
  /** Whether "… is thinking" shows. */
  isThinking(token: string): boolean;
  /** From now on what the bot writes there is refused so. */
  closeChannel(channel: string, code: ErrorCode): void;
  /** The application as its own API shows it. */
  application(): Readonly<Record<string, unknown>>;
  commands(): readonly { readonly name: string }[];
}

/** What the API is made with. */
export interface DiscordApiOptions {
  readonly app: string;
  readonly botToken: string;
  readonly publicKey: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Whether an address takes a rightly signed ping and refuses a wrongly signed one. @default it does */
  takesPings?(url: string): boolean;
}

/** How long a nonce is known, milliseconds; Discord says "a few minutes". */
const NONCE_LIFETIME = 5 * 60_000;

const NOT_ALLOWED = statusError(405, "Method Not Allowed");

/** The part of Discord's API that is used, strict: what the real one would refuse is refused, and so is what it ignores. */
export function createDiscordApi({ app, botToken, publicKey, now, takesPings }: DiscordApiOptions): DiscordApi {
  const store = createMessageStore();
  const tokens = createInteractionTokens(store, now);
  const closed = new Map<string, ErrorCode>();
  const nonces = new Map<string, { readonly id: string; readonly at: number }>();
  let commands: readonly { readonly name: string }[] = [];
  let application: Readonly<Record<string, unknown>> = {
    ...{ id: app, name: "Vesper", verify_key: publicKey, interactions_endpoint_url: null, event_webhooks_url: null },
    event_webhooks_status: 1,
  };

  const create = (channel: string, body: string) =>
    parsed(messageSchema, body, (given) => {
      const { content, nonce, enforce_nonce } = given;
      const code = closed.get(channel);
      if (code) return apiError(code);
      const known = nonces.get(`${channel}/${nonce}`);
      const isKnown = enforce_nonce && known && now() < known.at + NONCE_LIFETIME;
      const id = isKnown ? known.id : store.show({ by: "bot", content, channel, isEphemeral: false, given });
      if (nonce !== undefined && !isKnown) nonces.set(`${channel}/${nonce}`, { id, at: now() });
      return json(200, { id, channel_id: channel, content, nonce });
    });

  const editApplication = (body: string) =>
    parsed(applicationSchema, body, (changes) => {
      for (const field of ["interactions_endpoint_url", "event_webhooks_url"] as const) {
        const url = changes[field];
        if (typeof url !== "string" || !takesPings || takesPings(url)) continue;
        const code = "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID";
        const message = "The specified interactions endpoint url could not be verified.";
        const errors = { [field]: { _errors: [{ code, message }] } };
        return json(400, { message: "Invalid Form Body", code: 50035, errors });
      }
      application = { ...application, ...changes };
      return json(200, application);
    });

  const overwrite = (body: string) =>
    parsed(commandsSchema, body, (given) => {
      commands = given.map((command, at) => ({ id: String(at + 1), application_id: app, version: "1", ...command }));
      return json(200, commands);
    });

  /** What is called with no authorisation but the token in its path. */
  const byToken = (method: string, route: string, body: string): ApiAnswer | undefined => {
    const [, hook, token = "", original] = /^\/webhooks\/(\d+)\/([^/]+)(\/messages\/@original)?$/.exec(route) ?? [];
    if (hook === undefined) return undefined;
    if (hook !== app) return apiError(10015);
    if (!original) return method === "POST" ? tokens.followUp(token, body) : NOT_ALLOWED;
    if (method === "DELETE") return tokens.remove(token);
    return method === "PATCH" ? tokens.edit(token, body) : NOT_ALLOWED;
  };

  const byBot = (method: string, route: string, body: string): ApiAnswer => {
    const [, channel] = /^\/channels\/(\d+)\/messages$/.exec(route) ?? [];
    if (channel !== undefined && method === "POST") return create(channel, body);
    if (route === "/applications/@me" && method === "GET") return json(200, application);
    if (route === "/applications/@me" && method === "PATCH") return editApplication(body);
    if (route === `/applications/${app}/commands` && method === "GET") return json(200, commands);
    if (route === `/applications/${app}/commands` && method === "PUT") return overwrite(body);
    return statusError(404, "Not Found");
  };

  return {
    messages: store.shown,
    application: () => application,
    commands: () => commands,
    handle({ method, path, headers, body }) {
      if (!headers["user-agent"]?.startsWith("DiscordBot (")) return statusError(403, "Forbidden");
      if (body !== "" && !headers["content-type"]?.startsWith("application/json")) {
        return json(400, { message: 'Expected "Content-Type" header to be application/json.', code: 50035 });
      }
      const { pathname } = new URL(path, "https://discord.com");
      const [, route = ""] = /^\/api\/v10(\/.*)$/.exec(decodeURIComponent(pathname)) ?? [];
      const answer = byToken(method, route, body);
      if (answer) return answer;
      if (headers.authorization !== `Bot ${botToken}`) return statusError(401, "Unauthorized");
      return byBot(method, route, body);
    },
    begin: tokens.begin,
    answered: tokens.answered,
    deleteOriginal: tokens.remove,
    isThinking: tokens.isThinking,
    closeChannel: (channel, code) => closed.set(channel, code),
  };
}
