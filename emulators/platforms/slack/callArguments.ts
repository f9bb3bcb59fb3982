import * as v from "valibot";

const text = v.string();
const word = v.optional(v.string());
const flag = v.optional(v.picklist(["true", "false"]));
const ts = v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{6}$/));
const markdown = v.optional(v.pipe(v.string(), v.maxLength(12_000)));
const json = v.optional(v.pipe(v.string(), v.check(isJson)));
const look = { icon_emoji: word, icon_url: word, username: word };

/** The arguments of each method that is known, as its page lists them: https://docs.slack.dev/reference/methods */
export const CALL_ARGUMENTS = {
  "chat.postMessage": v.strictObject({
    ...look,
    channel: text,
    attachments: json,
    blocks: json,
    link_names: flag,
    markdown_text: markdown,
    metadata: json,
    mrkdwn: flag,
    parse: v.optional(v.picklist(["none", "full"])),
    reply_broadcast: flag,
    text: word,
    thread_ts: v.optional(ts),
    unfurl_app_links: flag,
    unfurl_links: flag,
    unfurl_media: flag,
    // Not among the arguments; the method's errors speak of it.
    client_msg_id: v.optional(v.pipe(v.string(), v.uuid())),
  }),
  "chat.update": v.strictObject({
    channel: text,
    ts,
    attachments: json,
    blocks: json,
    file_ids: json,
    link_names: flag,
    markdown_text: markdown,
    metadata: json,
    parse: v.optional(v.picklist(["none", "full"])),
    reply_broadcast: flag,
    text: word,
  }),
  "assistant.threads.setStatus": v.strictObject({
    ...look,
    channel_id: text,
    thread_ts: ts,
    status: text,
    loading_messages: json,
  }),
} as const;

export type CallMethod = keyof typeof CALL_ARGUMENTS;

/** What is posted to the address that comes with a slash command: https://docs.slack.dev/interactivity/handling-user-interaction */
export const RESPONSE_ARGUMENTS = v.strictObject({
  text: v.string(),
  blocks: v.optional(
    v.array(v.strictObject({ type: v.literal("markdown"), text: v.pipe(v.string(), v.maxLength(12_000)) })),
  ),
  response_type: v.optional(v.picklist(["ephemeral", "in_channel"])),
  replace_original: v.optional(v.boolean()),
  delete_original: v.optional(v.boolean()),
  thread_ts: v.optional(ts),
});

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
