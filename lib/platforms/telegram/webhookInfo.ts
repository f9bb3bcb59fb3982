import * as v from "valibot";
import { truncate } from "../../adapter/text/truncate.ts";

/** The kinds of updates that `receive` makes messages of; Telegram sends no others. */
export const ALLOWED_UPDATES = ["message", "edited_message", "my_chat_member"];

/** What is read of a WebhookInfo: https://core.telegram.org/bots/api#webhookinfo */
const webhookInfoSchema = v.object({
  /** Empty when none is set. */
  url: v.string(),
  pending_update_count: v.number(),
  /** Seconds since the epoch. */
  last_error_date: v.optional(v.number()),
  last_error_message: v.optional(v.string()),
  /** Absent: every kind but a few rare ones. */
  allowed_updates: v.optional(v.array(v.string())),
});

/** An older error is none of now: what waits is tried again within minutes. Milliseconds. */
const RECENT = 3_600_000;

/**
 * What is wrong with a bot's webhook, in words; undefined when Telegram calls `url` and is content with the answers.
 *
 * @param now milliseconds since the epoch
 */
export function webhookProblem(info: unknown, url: string, now: number): string | undefined {
  const parsed = v.safeParse(webhookInfoSchema, info);
  if (!parsed.success) return "Telegram's answer is no WebhookInfo; check apiBase";
  const { url: actual, pending_update_count: waiting, allowed_updates } = parsed.output;
  const { last_error_message: error, last_error_date: failedAt = now / 1000 } = parsed.output;
  if (actual === "") return "Telegram calls no address";
  if (actual !== url) return `Telegram calls ${hostOf(actual)}, which is not ${url}`;
  const missing = ALLOWED_UPDATES.filter((kind) => allowed_updates && !allowed_updates.includes(kind));
  if (missing.length > 0) return `Telegram does not send ${missing.join(", ")}`;
  // An error stays there for years after calls have succeeded again. What waits then has just come in.
  const isRecent = failedAt * 1000 > now - RECENT;
  if (error !== undefined && isRecent && waiting > 0)
    return `${waiting} updates wait, as Telegram got "${truncate(error, 200)}"`;
  return undefined;
}

/** Of an address that is not ours only its host is repeated: people put tokens into paths. */
function hostOf(url: string): string {
  return URL.canParse(url) ? `another address, at ${new URL(url).host}` : "another address";
}
