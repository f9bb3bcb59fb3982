import type { Config } from "../lib/config/Config.ts";
import { fetchHttpClient } from "../lib/runtime/fetchHttpClient.ts";
import { signingKeys } from "../lib/runtime/signingSecrets.ts";
import { signWebhook } from "../lib/runtime/standardWebhooks.ts";
import { readEnvFile } from "../local/secrets/readEnvFile.ts";
import { CommandFailed } from "./CommandFailed.ts";
import type { Stack } from "./readStack.ts";

/** The most that the gateway may take to accept a message, milliseconds; it does not wait for the reply. */
const TIMEOUT = 10_000;

/** A signed message on its way to the gateway. */
export interface OutgoingMessage {
  /** The platform's name in the config, one of the kind `http`. */
  readonly platform: string;
  readonly delivery: string;
  /** As the `http` platform takes it. */
  readonly body: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Posts a message to a gateway on this machine, signed with the secrets of its `.env`.
 *
 * @throws CommandFailed when it is refused, and what reading the secrets throws
 */
export async function postMessage(
  stack: Stack,
  config: Config,
  { platform, delivery, body, now }: OutgoingMessage,
): Promise<void> {
  const values = readEnvFile(stack.envPath);
  const keys = await signingKeys(config.platforms[platform]?.secrets() ?? [], {
    async get({ secret }) {
      const value = values.get(secret);
      if (value === undefined) throw new CommandFailed(`no ${secret} in ${stack.envPath}: npm start makes one up`);
      return value;
    },
  });
  const text = JSON.stringify(body);
  const response = await fetchHttpClient.send({
    url: `${stack.url}/webhooks/${platform}`,
    method: "POST",
    headers: { "content-type": "application/json", ...signWebhook(keys, delivery, now, text) },
    body: text,
    timeout: TIMEOUT,
  });
  if (response.status >= 200 && response.status < 300) return;
  throw new CommandFailed(`the gateway refused it with ${response.status}: ${detailOf(response.text)}`);
}

function detailOf(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === "object" && problem !== null && "detail" in problem) return String(problem.detail);
  } catch {
    // Not a problem document: its text says what there is to say.
  }
  return text || "it does not say why";
}
