import * as v from "valibot";
import { fieldError, parseJson } from "../../adapter/fieldError.ts";
import type { Received } from "../../adapter/Platform.ts";
import type { Logger } from "../../domain/observability.ts";
import { correctionOf, messageOf, newsOf, WRITTEN } from "./normalise.ts";
import { callSchema, changedSchema, messageSchema, movedSchema, newsSchema } from "./schema.ts";

type SlackEvent = { readonly type: string; readonly subtype?: string | null | undefined };

const TAKEN = { messages: [], response: { status: 200 } } satisfies Received;

/** After these the bot can't write to the channel any more. */
const GONE = ["channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted"];

/**
 * What a verified call of the Events API brings. Whatever is not a person's words, their correction, or the end or a new
 * id of a channel is taken and ignored. Throws `WebhookError` 400.
 */
export function receiveEvent(body: Uint8Array, log: Logger): Received {
  const json = parseJson(body);
  const call = parsed(callSchema, json);
  if (call.type === "url_verification") {
    const headers = { "content-type": "text/plain" };
    return { messages: [], response: { status: 200, headers, body: call.challenge ?? "" } };
  }
  // Slack drops events: more than 30,000 an hour came from the workspace.
  if (call.type === "app_rate_limited") log.warn("slack.rate-limited");
  if (call.type !== "event_callback" || !call.event) return TAKEN;
  const bot = call.authorizations?.find(({ is_bot }) => is_bot)?.user_id ?? undefined;
  const event: unknown = Reflect.get(Object(json), "event");
  return { ...TAKEN, ...readEvent(call.event, event, bot) };
}

function readEvent({ type, subtype }: SlackEvent, event: unknown, bot: string | undefined): Partial<Received> {
  if (type === "app_mention" || (type === "message" && WRITTEN.includes(subtype))) {
    const message = messageOf(parsed(messageSchema, event), bot);
    return message ? { messages: [message] } : {};
  }
  if (type === "message" && subtype === "message_changed") {
    const { message, previous_message: before, ts: at, ...place } = parsed(changedSchema, event);
    const correction = correctionOf({ ...place, ...message }, { at, before: before?.text }, bot);
    return correction ? { messages: [correction] } : {};
  }
  if (type === "channel_id_changed") {
    const { old_channel_id: from, new_channel_id: to, event_ts: at } = parsed(movedSchema, event);
    return { chats: [newsOf(from, at, to)] };
  }
  const hasLeft = type === "member_left_channel";
  if (!hasLeft && !GONE.includes(type)) return {};
  const { channel, user, event_ts: at } = parsed(newsSchema, event);
  return hasLeft && user !== bot ? {} : { chats: [newsOf(channel, at)] };
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, given: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  throw fieldError(result.issues, given);
}
