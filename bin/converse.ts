import type { Config } from "../lib/config/Config.ts";
import { conversationKey } from "../lib/config/conversationKey.ts";
import { awaitTurn } from "../lib/operator/awaitTurn.ts";
import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import type { Gateway } from "../lib/operator/gateway/connect.ts";
import { httpPlatform, postMessage } from "../lib/operator/gateway/postMessage.ts";
import type { Past } from "../lib/store/lookBack.ts";

const NO_PLATFORM =
  'the config has no http platform to say it to: add http: http({ secret: secret("HTTP_SIGNING_SECRET") }) to platforms';

/** A message, as a person or a program says it. */
export interface Said {
  readonly text: string;
  /** The chat's id. */
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
}

/**
 * Says something through the front door, signed as any program's, and waits for its turn.
 *
 * @param wait how long, milliseconds
 * @throws CommandFailed when there is no http platform, the gateway refuses it, or no turn comes in time
 */
export async function converse(gateway: Gateway, config: Config, said: Said, wait: number): Promise<Heard> {
  const { services } = gateway;
  const platform = httpPlatform(config);
  if (platform === undefined) throw new CommandFailed(NO_PLATFORM);
  const { conversation: id, chatType, text, role, origin } = said;
  const [at, messageId] = [services.clock.now(), `say-${services.newId()}`];
  const user = said.user === undefined ? undefined : { id: said.user };
  const body = { conversation: id, user, text, role, sentAt: at, chatType, origin };
  await postMessage(gateway, config, { platform, messageId, body, now: at });
  const conversation = conversationKey(config, platform, { chat: { id, type: chatType }, ...(user ? { user } : {}) });
  const found = await awaitTurn(services, conversation, { messageId, at }, at + wait);
  if (found) return { ...found, platform, conversation };
  throw new CommandFailed(
    `accepted as ${messageId}, but no turn within ${wait} ms: wait longer with --wait, or see the log`,
  );
}
