import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { Polled } from "../../adapter/Platform.ts";
import { type BotApi, tryBotApi } from "./callBotApi.ts";
import { ALLOWED_UPDATES } from "./webhookInfo.ts";

/** How long Telegram waits for an update before it answers that there is none, seconds. */
const WAITS = 25;

/** Updates at once: of an answer no more than 1 MiB is read. */
const MOST = 10;

const updatesSchema = v.array(v.looseObject({ update_id: v.pipe(v.number(), v.safeInteger()) }));

/**
 * Fetches the updates that wait, each as the call of the webhook that it would have been.
 * https://core.telegram.org/bots/api#getupdates
 *
 * @param after what came of the last one: those before it are not kept any more
 * @throws DeliveryError, of status 409 while Telegram calls a webhook or somebody else polls
 */
export async function getUpdates(
  api: BotApi,
  secretToken: string,
  after: string | undefined,
  signal: AbortSignal,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<readonly Polled[]> {
  const parameters = {
    timeout: WAITS,
    limit: MOST,
    allowed_updates: ALLOWED_UPDATES,
    ...(after === undefined ? {} : { offset: Number(after) }),
  };
  const timeout = (WAITS + 10) * 1000;
  const answer = await tryBotApi({ ...api, method: "getUpdates", parameters, timeout, signal }, services);
  if ("error" in answer) throw answer.error.status === 409 ? conflict(answer.error) : answer.error;
  return v.parse(updatesSchema, answer.result).map((update) => ({
    next: String(update.update_id + 1),
    call: {
      method: "POST",
      url: `${api.apiBase}/getUpdates`,
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secretToken },
      query: {},
      body: Buffer.from(JSON.stringify(update)),
    },
  }));
}

function conflict({ message: said, status }: DeliveryError): DeliveryError {
  const message = /webhook/i.test(said)
    ? "Telegram calls a webhook of this bot, and then gives its messages to nobody else: npx vesper webhooks unset ends that"
    : "somebody else fetches this bot's messages, and Telegram gives them to one alone: stop the other, or use a bot of your own";
  return new DeliveryError("invalid", message, { status: status ?? 409 });
}
