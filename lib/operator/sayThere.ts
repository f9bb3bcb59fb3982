import type { Config } from "../config/Config.ts";
import { conversationKey } from "../config/conversationKey.ts";
import type { Past } from "../store/lookBack.ts";
import { awaitTurn } from "./awaitTurn.ts";
import { CommandFailed } from "./CommandFailed.ts";
import type { Gateway } from "./gateway/connect.ts";
import { refusal } from "./gateway/postMessage.ts";
import { type SaidThere, type SentThere, simulationOf, type TakenThere } from "./gateway/simulation.ts";

/** Between two looks at a chat, milliseconds: what is still being written there has grown by then. */
const PAUSE = 200;

/** What became of words that were said on a simulated platform. */
export interface HeardThere extends NonNullable<Past["found"]> {
  /** The conversation's key. */
  readonly conversation: string;
  /** The message that the platform has made of them. */
  readonly message: TakenThere;
  /** What reached the chat since, as the platform has it. */
  readonly sent: readonly SentThere[];
}

/**
 * Says something on a simulated platform, and waits for its turn and then for what reaches the chat.
 *
 * @param wait how long, milliseconds
 * @throws CommandFailed when the platform is not simulated, the gateway refuses it, or no turn comes in time
 */
export async function sayThere(
  gateway: Pick<Gateway, "address" | "adapters" | "adaptersOf" | "services">,
  config: Config,
  said: SaidThere,
  wait: number,
): Promise<HeardThere> {
  const { services, adaptersOf } = gateway;
  const { clock } = services;
  const { platform: name, conversation: chat } = said;
  const simulation = simulationOf(gateway, name);
  const deadline = clock.now() + wait;
  const before = (await simulation.sent(name, chat)).length;
  const message = await simulation.say(said);
  if (message.answer && message.answer.status >= 300) throw refusal(message.answer);
  const conversation = conversationKey(config, name, message);
  const found = await awaitTurn(services, conversation, message, deadline);
  const heard = async () => (await simulation.sent(name, chat)).slice(before);
  if (!found) throw new CommandFailed(withoutTurn(name, wait, await heard()));
  const { notice, reply } = found.turn;
  const platform = config.platforms[name]?.create(adaptersOf(name));
  const pieces = [notice, reply].flatMap((text) => (text === undefined ? [] : (platform?.render(text) ?? [])));
  let sent: readonly SentThere[] = [];
  for (;;) {
    const last = JSON.stringify(sent);
    sent = await heard();
    const isThere = sent.length >= pieces.length && JSON.stringify(sent) === last;
    if (isThere || pieces.length === 0 || clock.now() >= deadline) return { ...found, conversation, message, sent };
    await clock.until(Math.min(clock.now() + PAUSE, deadline));
  }
}

/** Such as of a writer who is told a code to be let in by. */
function withoutTurn(platform: string, wait: number, sent: readonly SentThere[]): string {
  const none = `${platform} has told the gateway, which made no turn of it within ${wait} ms`;
  if (sent.length > 0) return `${none}; the chat has: ${sent.map(({ text }) => text).join(" ")}`;
  return `${none}: it may not be meant for the bot, or its writer not be let in; or wait longer with --wait, or see the log`;
}
