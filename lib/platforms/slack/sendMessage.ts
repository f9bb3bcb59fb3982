import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError, type FailureKind } from "../../adapter/errors.ts";
import type { Draft, OutboundChunk, ShownDraft } from "../../adapter/Platform.ts";
import { sha256 } from "../../domain/ids.ts";
import type { Json } from "../../domain/json.ts";
import { callSlack, type SlackCall } from "./callSlack.ts";
import { draftSchema, replyToSchema } from "./schema.ts";
import { escapeText, withoutAlarms } from "./writeText.ts";

/** Where a reply goes. */
type ReplyTo = v.InferOutput<typeof replyToSchema>;

/** A channel or one's direct messages, and a thread there. */
export type Place = Extract<ReplyTo, { readonly channel: string }>;

/** Whose Web API it is. */
type SlackApi = Pick<SlackCall, "apiBase" | "token">;

type Services = Pick<AdapterServices, "http" | "clock">;

/** The way in which words are sent. */
interface Way {
  /** The message that they replace. */
  readonly draft?: string | undefined;
  readonly thread?: string | undefined;
  readonly key?: string | undefined;
  readonly isPlain?: boolean;
}

/**
 * Sends a chunk and answers its `ts`. Once more in another way where Slack refuses the way, not the words: as a message of
 * its own where the draft is gone, outside of a thread that is gone, and as plain text where the Markdown is refused.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export async function sendMessage(
  api: SlackApi,
  { text, key, draft }: Pick<OutboundChunk, "text" | "key" | "draft">,
  { channel, thread }: Place,
  services: Services,
): Promise<string | undefined> {
  let way: Way = { draft: draftOf(draft), thread, key: uuidOf(key) };
  for (;;) {
    const outcome = await callSlack({ ...api, ...callOf(channel, text, way) }, services);
    if ("result" in outcome) return outcome.result.ts;
    const next = otherWay(way, outcome.code, outcome.error.kind);
    if (!next) throw outcome.error;
    way = next;
  }
}

/** Shows a reply that is being written: posts it once, and changes that message from then on. */
export async function showDraft(
  api: SlackApi,
  { text, key, shown, signal }: Draft,
  { channel, thread }: Place,
  services: Services,
): Promise<ShownDraft> {
  const draft = draftOf(shown);
  const call = callOf(channel, text, { draft, thread, key: uuidOf(`${key} draft`) });
  const outcome = await callSlack({ ...api, ...call, signal }, services);
  if ("error" in outcome) throw outcome.error;
  const ts = draft ?? outcome.result.ts;
  return ts === undefined ? {} : { ref: { ts } };
}

/** What a message carries for its answer. Throws `DeliveryError` where it is not of this platform's making. */
export function targetOf(replyTo: Json): ReplyTo {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the slack platform made", { outcome: "not-sent" });
}

function callOf(channel: string, text: string, { draft, thread, key, isPlain }: Way) {
  const words: Readonly<Record<string, string>> = isPlain
    ? { text: escapeText(text) }
    : { markdown_text: withoutAlarms(text) };
  if (draft !== undefined) return { method: "chat.update", parameters: { channel, ts: draft, ...words } };
  const parameters = {
    channel,
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...words,
    ...(isPlain ? { mrkdwn: "false" } : {}),
    ...(key === undefined ? {} : { client_msg_id: key }),
  };
  return { method: "chat.postMessage", parameters };
}

/** The draft was deleted, or may not be changed any more. */
const DRAFT_IS_GONE = ["message_not_found", "cant_update_message", "edit_window_closed", "update_failed"];

/** The thread can't be answered in, but the channel can. */
const THREAD_IS_GONE = [
  ...["cannot_reply_to_message", "restricted_action_non_threadable_channel", "thread_not_found", "invalid_thread_ts"],
];

/** Slack knows our key from before, but not its message any more. */
const KEY_IS_SPENT = ["duplicate_message_not_found", "duplicate_channel_not_found"];

/** How else the same words may be taken; undefined when it was not for the way that they were refused. Each way leads on. */
function otherWay(way: Way, code: string | undefined, kind: FailureKind): Way | undefined {
  if (code === undefined) return undefined;
  if (way.draft !== undefined && DRAFT_IS_GONE.includes(code)) return { ...way, draft: undefined };
  if (way.thread !== undefined && THREAD_IS_GONE.includes(code)) return { ...way, thread: undefined };
  if (way.key !== undefined && KEY_IS_SPENT.includes(code)) return { ...way, key: undefined };
  return kind === "invalid" && !way.isPlain ? { ...way, isPlain: true } : undefined;
}

function draftOf(ref: Json | undefined): string | undefined {
  const parsed = v.safeParse(draftSchema, ref);
  return parsed.success ? parsed.output.ts : undefined;
}

/**
 * A message's `client_msg_id`. No page of Slack's lists it among the arguments; its errors speak of it, as of what makes a
 * repeated message known. Nothing here relies on that.
 */
function uuidOf(key: string): string {
  const digits = sha256(key).toString("hex");
  return digits.replace(/^(.{8})(.{4})(.{3})(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
