import type { Config } from "../lib/config/Config.ts";
import { conversationKey } from "../lib/config/conversationKey.ts";
import type { Chat } from "../lib/domain/InboundMessage.ts";
import { awaitTurn } from "../lib/operator/awaitTurn.ts";
import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import type { Gateway } from "../lib/operator/gateway/connect.ts";
import { httpPlatform, postMessage } from "../lib/operator/gateway/postMessage.ts";
import type { SentThere } from "../lib/operator/gateway/simulation.ts";
import { sayThere } from "../lib/operator/sayThere.ts";
import type { Past } from "../lib/store/lookBack.ts";

const NO_PLATFORM =
  'the config has no http platform to say it to: add http: http({ secret: secret("HTTP_SIGNING_SECRET") }) to platforms, or name a simulated one with --platform';

/** A message, as a person or a program says it. */
export interface Said {
  readonly text: string;
  /** The platform's name in the config. Absent: the one of the kind `http`. */
  readonly platform?: string;
  /** The chat's id; its name on a simulated platform. */
  readonly conversation: string;
  /** Absent: the message is nobody's, as one of the agent's own may be. */
  readonly user?: string;
  readonly chatType: "dm" | "group" | "thread";
  readonly origin?: "chat" | "scheduled";
  readonly role?: "user" | "assistant";
}

/** What became of it. */
export interface Heard extends NonNullable<Past["found"]> {
  readonly platform: string;
  /** The conversation's key. */
  readonly conversation: string;
  readonly chat: Chat;
  readonly user?: { readonly id: string };
  /** What reached the chat, of a simulated platform. */
  readonly sent?: readonly SentThere[];
}

/**
 * Says something through the front door, signed as any program's or as a simulated platform's, and waits for its turn.
 *
 * @param wait how long, milliseconds
 * @throws CommandFailed when there is no such platform, the gateway refuses it, or no turn comes in time
 */
export async function converse(gateway: Gateway, config: Config, said: Said, wait: number): Promise<Heard> {
  const platform = said.platform ?? httpPlatform(config);
  if (platform === undefined) throw new CommandFailed(NO_PLATFORM);
  const adapter = Object.hasOwn(config.platforms, platform) ? config.platforms[platform] : undefined;
  if (!adapter) {
    const names = Object.keys(config.platforms).join(", ") || "none";
    throw new CommandFailed(`no platform "${platform}" in the config: it has ${names}`);
  }
  return adapter.kind === "http"
    ? converseAsProgram(gateway, config, platform, said, wait)
    : converseThere(gateway, config, platform, said, wait);
}

async function converseAsProgram(
  gateway: Gateway,
  config: Config,
  platform: string,
  said: Said,
  wait: number,
): Promise<Heard> {
  const { services } = gateway;
  const { conversation: id, chatType, text, role, origin } = said;
  const [at, messageId] = [services.clock.now(), `say-${services.newId()}`];
  const party = { chat: { id, type: chatType }, ...(said.user === undefined ? {} : { user: { id: said.user } }) };
  const body = { conversation: id, user: party.user, text, role, sentAt: at, chatType, origin };
  await postMessage(gateway, config, { platform, messageId, body, now: at });
  const conversation = conversationKey(config, platform, party);
  const found = await awaitTurn(services, conversation, { messageId, at }, at + wait);
  if (found) return { ...found, platform, conversation, ...party };
  throw new CommandFailed(
    `accepted as ${messageId}, but no turn within ${wait} ms: wait longer with --wait, or see the log`,
  );
}

async function converseThere(
  gateway: Gateway,
  config: Config,
  platform: string,
  { user, role, origin, ...said }: Said,
  wait: number,
): Promise<Heard> {
  if (user === undefined || role === "assistant" || origin === "scheduled") {
    throw new CommandFailed("on a simulated platform people write: --role and --origin are of an http platform");
  }
  const { message, ...heard } = await sayThere(gateway, config, { ...said, user, platform }, wait);
  return { ...heard, platform, chat: message.chat, ...(message.user ? { user: message.user } : {}) };
}
