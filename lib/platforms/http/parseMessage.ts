import * as v from "valibot";
import { WebhookError } from "../../adapter/errors.ts";
import { fieldError } from "../../adapter/fieldError.ts";
import type { Post } from "../../adapter/Platform.ts";
import { parseCommand } from "../../adapter/text/parseCommand.ts";
import { cleanText } from "../../adapter/text/truncate.ts";
import type { InboundMessage } from "../../domain/InboundMessage.ts";
import { bodySchema, postSchema, USER } from "./schema.ts";

/**
 * What the agent is to say, of a verified call's body; undefined where that is a message. Throws `WebhookError` 400 with
 * the field that is wrong.
 */
export function parsePost(body: unknown, messageId: string, now: number): Post | undefined {
  if (typeof body !== "object" || body === null || !("to" in body)) return undefined;
  const parsed = v.safeParse(postSchema(now), body);
  if (!parsed.success) throw fieldError(parsed.issues, body);
  const { to: conversation, text, sentAt } = parsed.output;
  return { conversation, messageId, text: cleanText(text), ...(sentAt === undefined ? {} : { sentAt }) };
}

/**
 * The message of a verified call's body. Throws `WebhookError` 400 with the field that is wrong.
 *
 * @param delivery the call's `webhook-id`
 * @param now milliseconds since the epoch
 */
export function parseMessage(body: unknown, messageId: string, now: number): InboundMessage {
  const parsed = v.safeParse(bodySchema(now), body);
  if (!parsed.success) throw fieldError(parsed.issues, body);
  const { conversation, user, role = "user", sentAt, chatType = "dm", origin = "chat" } = parsed.output;
  if (!user && role === "user") {
    const problem = `user is missing; it must be ${USER}, as memory is kept per user; only role "assistant" may leave it out`;
    throw new WebhookError(400, problem, { field: "user" });
  }
  const text = cleanText(parsed.output.text);
  const byPerson = role === "user" && origin === "chat";
  return {
    messageId,
    ...(sentAt === undefined ? {} : { sentAt }),
    chat: { id: conversation, type: chatType },
    ...(user ? { user: { id: user.id, ...(user.name === undefined ? {} : { name: user.name }) } } : {}),
    role,
    ...(byPerson ? parseCommand(text) : { text }),
    origin,
    replyTo: conversation,
  };
}
