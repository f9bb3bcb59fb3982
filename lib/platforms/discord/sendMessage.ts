import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { OutboundChunk } from "../../adapter/Platform.ts";
import { sha256 } from "../../domain/ids.ts";
import type { Json } from "../../domain/json.ts";
import { type ApiError, callApi, tryApi } from "./callApi.ts";
import { TOKEN_IS_VOID, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK } from "./failureOf.ts";
import { TOKEN_LIFETIME } from "./normalise.ts";
import { type ReplyTo, replyToSchema, sentSchema } from "./schema.ts";

/** Until then Discord may not have read yet that the interaction is answered later, milliseconds: it takes some seconds. */
const YOUNG = 15_000;

/** The most characters of a nonce, which Discord knows a repetition by for some minutes. */
const NONCE_LENGTH = 25;

/** How to send: where the API is, and the bot's token where there is one. */
export interface Sender {
  readonly apiBase: string;
  readToken(): Promise<string | undefined>;
}

type Services = Pick<AdapterServices, "http" | "clock">;

/**
 * Sends a chunk, and answers the message's id: by the interaction's token while that holds, the first piece in place of
 * "… is thinking", then as the bot. What answers something else than the interaction replaces nothing.
 */
export async function sendMessage(
  sender: Sender,
  { text, index, replyTo, key, inReplyTo, draft }: OutboundChunk,
  services: Services,
): Promise<string> {
  const target = targetOf(replyTo);
  const content = contentOf(text);
  if (services.clock.now() < target.until) {
    const isFirst = index === 0 && (inReplyTo === target.id || draft !== undefined);
    const sent = await sendByToken(sender, target, content, isFirst, services);
    if ("result" in sent) return sent.result.id;
    if (!TOKEN_IS_VOID.has(sent.code)) throw sent.error;
    if (isNotYet(sent, target, services)) throw notYet(sent);
  }
  const token = target.channel === undefined ? undefined : await sender.readToken();
  if (token === undefined) {
    throw new DeliveryError("gone", "the interaction can be answered no more, and the bot can't write there", {
      outcome: "not-sent",
    });
  }
  const nonce = sha256(key).toString("hex").slice(0, NONCE_LENGTH);
  const message = await callApi(
    sentSchema,
    {
      apiBase: sender.apiBase,
      token,
      method: "POST",
      path: `/channels/${target.channel}/messages`,
      body: { ...content, nonce, enforce_nonce: true },
      idempotent: true,
    },
    services,
  );
  return message.id;
}

/** Where to; throws when it is none that this platform made. */
export function targetOf(replyTo: Json): ReplyTo {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the discord platform made", { outcome: "not-sent" });
}

/** A first piece whose place was deleted goes out as the others do. */
async function sendByToken(
  { apiBase }: Sender,
  target: ReplyTo,
  body: object,
  isFirst: boolean,
  services: Services,
): Promise<{ readonly result: { readonly id: string } } | ApiError> {
  const edit = editOf(apiBase, target);
  if (isFirst) {
    const edited = await tryApi(sentSchema, { ...edit, body }, services);
    if (!("error" in edited) || edited.code !== UNKNOWN_MESSAGE) return edited;
  }
  const { path, hidden } = webhookOf(target);
  const call = { apiBase, method: "POST" as const, path: `${path}?wait=true`, hidden, body };
  return tryApi(sentSchema, call, services);
}

/** The call that changes an interaction's first message. */
export function editOf(apiBase: string, target: ReplyTo) {
  return { ...originalOf(apiBase, target), method: "PATCH" as const };
}

/** An interaction's first message. */
export function originalOf(apiBase: string, target: ReplyTo) {
  const { path, hidden } = webhookOf(target);
  return { apiBase, path: `${path}/messages/@original`, hidden, idempotent: true };
}

/** Where an interaction is answered, and what of that no error may show. */
function webhookOf({ app, token }: ReplyTo) {
  const encoded = encodeURIComponent(token);
  return { path: `/webhooks/${app}/${encoded}`, hidden: [token, encoded] };
}

/** A message's body. A model's words ping nobody. https://discord.com/developers/docs/resources/message#allowed-mentions-object */
export function contentOf(text: string) {
  return { content: text, allowed_mentions: { parse: [] } };
}

/** Whether Discord just has not read yet that the answer comes later. */
export function isNotYet({ code }: ApiError, { until }: ReplyTo, { clock }: Pick<AdapterServices, "clock">): boolean {
  return code === UNKNOWN_WEBHOOK && clock.now() < until - TOKEN_LIFETIME + YOUNG;
}

/** https://github.com/discord/discord-api-docs/issues/7220 */
export function notYet({ error: cause }: ApiError): DeliveryError {
  const status = cause.status === undefined ? {} : { status: cause.status };
  return new DeliveryError("transient", `${cause.message}; it may not have read our answer yet`, {
    cause,
    outcome: "rejected",
    ...status,
  });
}
