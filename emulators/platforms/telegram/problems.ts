/** Only kinds that are used. https://core.telegram.org/bots/api#update */
const UPDATES = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"];

/** https://core.telegram.org/bots/api#messageentity; those that a bot may send. */
const ENTITIES = ["bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre", "text_link"];

/** https://core.telegram.org/bots/api#setwebhook */
const PORTS = ["", "80", "88", "443", "8443"];

/** What the Bot API would say against the parameters of a method; undefined where all is well. */
export const problemOf: Readonly<
  Record<string, (parameters: Readonly<Record<string, unknown>>) => string | undefined>
> = {
  sendMessage: messageProblem,
  sendChatAction: actionProblem,
  sendMessageDraft: draftProblem,
  setWebhook: webhookProblem,
};

function messageProblem(message: Readonly<Record<string, unknown>>): string | undefined {
  if (!isChat(message.chat_id)) return "chat_id is empty";
  const { text, entities = [], message_thread_id, direct_messages_topic_id, reply_parameters } = message;
  if (typeof text !== "string" || text.trim() === "") return "message text is empty";
  if (text.length > 4096) return "message is too long";
  if (!text.isWellFormed()) return "strings must be encoded in UTF-8";
  const wrong = Array.isArray(entities) ? entities.map((one) => entityProblem(one, text)).find(Boolean) : "no list";
  if (wrong) return `can't parse entities: ${wrong}`;
  if (direct_messages_topic_id !== undefined && !isInteger(direct_messages_topic_id)) return "topic not found";
  if (message_thread_id !== undefined && !isInteger(message_thread_id)) return "message thread not found";
  if (reply_parameters !== undefined && !isReply(reply_parameters)) return "can't parse reply parameters";
  return undefined;
}

/** https://core.telegram.org/bots/api#sendmessagedraft, and what its server says of a chat that is not private. */
function draftProblem(draft: Readonly<Record<string, unknown>>): string | undefined {
  const { draft_id, chat_id, text } = draft;
  if (!isInteger(draft_id) || draft_id === 0) return "RANDOM_ID_INVALID";
  // Without words it would show that the bot thinks, which is not used.
  const problem = messageProblem({ ...draft, text });
  if (problem) return problem;
  return Number(chat_id) > 0 ? undefined : "TEXTDRAFT_PEER_INVALID";
}

/** Telegram leaves out what it does not understand of an entity, or refuses it; the fake refuses it. */
function entityProblem(entity: Readonly<Record<string, unknown>>, text: string): string | undefined {
  const { type, offset, length, url, language, ...unknown } = entity;
  if (typeof type !== "string" || !ENTITIES.includes(type)) return `type ${type}`;
  if (Object.keys(unknown).length > 0) return `unknown ${Object.keys(unknown)}`;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) return "offset and length must be integers";
  const [start, end] = [Number(offset), Number(offset) + Number(length)];
  if (start < 0 || end <= start || end > text.length) return `${start} to ${end} is not within the text`;
  if (!text.slice(start, end).isWellFormed()) return "it cuts a character";
  if ((type === "text_link") !== (url !== undefined)) return "url belongs to text_link";
  if (url !== undefined && (typeof url !== "string" || !URL.canParse(url))) return "url";
  if (language !== undefined && type !== "pre") return "language belongs to pre";
  return undefined;
}

function actionProblem({ chat_id, action }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isChat(chat_id)) return "chat_id is empty";
  return action === "typing" ? undefined : "wrong parameter action in request";
}

function webhookProblem(webhook: Readonly<Record<string, unknown>>): string | undefined {
  const { url = "", secret_token: secret = "", allowed_updates: kinds = [], drop_pending_updates: drop } = webhook;
  if (typeof secret !== "string" || !/^[\w-]*$/.test(secret)) return "secret token contains unallowed characters";
  if (secret.length > 256) return "secret token is too long";
  if (!Array.isArray(kinds) || !kinds.every((kind) => UPDATES.includes(kind))) return "can't parse allowed updates";
  if (drop !== undefined && typeof drop !== "boolean") return "the fake takes drop_pending_updates as true or false";
  if (url === "") return undefined;
  if (typeof url !== "string" || !URL.canParse(url) || new URL(url).protocol !== "https:") {
    return "bad webhook: An HTTPS URL must be provided for webhook";
  }
  if (PORTS.includes(new URL(url).port)) return undefined;
  return "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
}

/** "Integer or String": https://core.telegram.org/bots/api#sendmessage. Names of channels are not simulated. */
function isChat(value: unknown): boolean {
  return isInteger(value) || (typeof value === "string" && /^-?\d{1,15}$/.test(value));
}

function isInteger(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isReply(value: unknown): boolean {
  return typeof value === "object" && value !== null && "message_id" in value && isInteger(value.message_id);
}
