import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Draft, ShownDraft } from "../../adapter/Platform.ts";
import { type BotApi, callBotApi } from "./callBotApi.ts";
import { markedText, targetOf } from "./sendMessage.ts";

/**
 * Shows a reply that is being written, in a private chat; in groups Telegram has no drafts, and changing a message instead
 * would use up the twenty calls a minute that a group has for all answers. A draft goes away with the message that follows
 * it, or after half a minute. https://core.telegram.org/bots/api#sendmessagedraft
 */
export async function showDraft(
  api: BotApi,
  { text, replyTo, key, signal }: Draft,
  services: Pick<AdapterServices, "http" | "clock">,
): Promise<ShownDraft | undefined> {
  const { chat, thread } = targetOf(replyTo);
  if (!isPrivate(chat)) return undefined;
  const parameters = {
    chat_id: chat,
    draft_id: draftId(key),
    ...markedText(text),
    ...(thread === undefined ? {} : { message_thread_id: thread }),
  };
  await callBotApi({ ...api, method: "sendMessageDraft", parameters, signal }, services);
  return {};
}

/** A private chat's id is its user's; those of groups and channels are below 0. */
function isPrivate(chat: number): boolean {
  return chat > 0;
}

/** A number that is not 0: changes of a draft that keeps its number are animated. */
function draftId(key: string): number {
  return 1 + Number.parseInt(key.slice(0, 7), 16);
}
