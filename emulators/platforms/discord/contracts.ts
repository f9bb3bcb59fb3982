import * as v from "valibot";

// What Discord takes, field by field, as its documentation says it. Discord ignores what it does not know; the fake refuses it.

const MOST_CONTENT = 2_000;

const content = v.pipe(
  v.string("Could not interpret this value as string."),
  v.check((text) => text.trim() !== "", "This field is required"),
  // Characters, not UTF-16 units.
  v.check((text) => [...text].length <= MOST_CONTENT, `Must be ${MOST_CONTENT} or fewer in length.`),
);

/** https://discord.com/developers/docs/resources/message#allowed-mentions-object */
const allowedMentions = v.strictObject({
  parse: v.array(v.picklist(["roles", "users", "everyone"])),
});

/** https://discord.com/developers/docs/resources/webhook#edit-webhook-message */
export const editSchema = v.strictObject({ content, allowed_mentions: v.optional(allowedMentions) });

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const followUpSchema = v.strictObject({
  content,
  allowed_mentions: v.optional(allowedMentions),
  flags: v.optional(v.number()),
});

/** https://discord.com/developers/docs/resources/message#create-message */
export const messageSchema = v.strictObject({
  content,
  allowed_mentions: v.optional(allowedMentions),
  nonce: v.optional(v.pipe(v.string(), v.maxLength(25, "Must be 25 or fewer in length."))),
  enforce_nonce: v.optional(v.boolean()),
});

const address = v.nullable(
  v.pipe(
    v.string(),
    v.check((url) => URL.canParse(url) && new URL(url).protocol === "https:", "Not a well formed URL."),
  ),
);

/** https://discord.com/developers/docs/resources/application#edit-current-application */
export const applicationSchema = v.strictObject({
  interactions_endpoint_url: v.optional(address),
  event_webhooks_url: v.optional(address),
  event_webhooks_status: v.optional(v.picklist([1, 2])),
  event_webhooks_types: v.optional(v.array(v.picklist(["APPLICATION_AUTHORIZED", "APPLICATION_DEAUTHORIZED"]))),
});

const NAME = "Command name is invalid";
const lowerName = v.pipe(v.string(), v.regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u, NAME), v.toLowerCase());
const menuName = v.pipe(v.string(), v.regex(/^[-_'\p{L}\p{N} ]{1,32}$/u, NAME));
const description = v.pipe(v.string(), v.minLength(1), v.maxLength(100, "Must be 100 or fewer in length."));

const choiceSchema = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(100)),
  value: v.pipe(v.string(), v.maxLength(100)),
});

const optionSchema = v.strictObject({
  type: v.picklist([3, 4, 5, 6, 7, 8, 9, 10, 11]),
  name: lowerName,
  description,
  required: v.optional(v.boolean()),
  choices: v.optional(v.pipe(v.array(choiceSchema), v.maxLength(25))),
  max_length: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(6_000))),
});

/** https://discord.com/developers/docs/interactions/application-commands#create-global-application-command */
export const commandsSchema = v.pipe(
  v.array(
    v.union([
      v.strictObject({
        type: v.optional(v.literal(1)),
        name: lowerName,
        description,
        options: v.optional(
          v.pipe(
            v.array(optionSchema),
            v.maxLength(25),
            v.check(
              (options) => isRequiredFirst(options),
              "Required options must be placed before non-required options",
            ),
          ),
        ),
      }),
      v.strictObject({ type: v.picklist([2, 3]), name: menuName }),
    ]),
  ),
  v.maxLength(110),
);

function isRequiredFirst(options: readonly { readonly required?: boolean | undefined }[]): boolean {
  return options.every(({ required }, at) => !required || options.slice(0, at).every((before) => before.required));
}
