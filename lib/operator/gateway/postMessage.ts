import { signingKeys } from "../../adapter/signing/signingSecrets.ts";
import { signWebhook } from "../../adapter/signing/standardWebhooks.ts";
import type { Config } from "../../config/Config.ts";
import { CommandFailed } from "../CommandFailed.ts";
import type { Gateway } from "./connect.ts";

/** The most that the gateway may take to accept a message, milliseconds; it does not wait for the reply. */
const TIMEOUT = 10_000;

/** A signed message on its way to the gateway. */
export interface OutgoingMessage {
  /** The platform's name in the config, one of the kind `http`. */
  readonly platform: string;
  readonly messageId: string;
  /** As the `http` platform takes it. */
  readonly body: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Posts a message to a gateway as any program would, signed with the platform's secrets.
 *
 * @throws CommandFailed when it is refused, HttpError when no answer comes, and what reading the secrets throws
 */
export async function postMessage(
  { address, adapters }: Pick<Gateway, "address" | "adapters">,
  config: Config,
  { platform, messageId, body, now }: OutgoingMessage,
): Promise<void> {
  const keys = await signingKeys(config.platforms[platform]?.secrets() ?? [], adapters.secrets);
  const text = JSON.stringify(body);
  const response = await adapters.http.send({
    url: `${address.webhookUrl}/${platform}`,
    method: "POST",
    headers: { "content-type": "application/json", ...signWebhook(keys, messageId, now, text) },
    body: text,
    timeout: TIMEOUT,
  });
  if (response.status >= 200 && response.status < 300) return;
  throw refusal(response);
}

/** That a gateway has not taken a message, and why. */
export function refusal({ status, text }: { readonly status: number; readonly text: string }): CommandFailed {
  return new CommandFailed(`the gateway refused it with ${status}: ${detailOf(text)}`);
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

/** The name of the platform that programs post to: the one that is called `http`, or else the first of that kind. */
export function httpPlatform({ platforms }: Config): string | undefined {
  const names = Object.keys(platforms).filter((name) => platforms[name]?.kind === "http");
  return names.includes("http") ? "http" : names[0];
}
