import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Sending } from "../../adapter/definePlatform.ts";
import { asAuthFailure } from "../../adapter/readSecret.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { botOf, type TelegramOptions } from "./bot.ts";
import { callBotApi } from "./callBotApi.ts";
import { sendMessage, targetOf } from "./sendMessage.ts";
import { showDraft } from "./showDraft.ts";

/** The most of one message, UTF-16 units. https://core.telegram.org/bots/api#sendmessage */
const MAX_TEXT_LENGTH = 4096;

/** Sends replies by the Bot API. */
export function sending(options: TelegramOptions, services: AdapterServices): Sending {
  const { apiBase, readToken } = botOf(options, services);
  return {
    render: (text) => splitText(text, MAX_TEXT_LENGTH),

    async send(chunk) {
      targetOf(chunk.replyTo);
      const { token } = await readToken().catch((cause: unknown) => {
        throw asAuthFailure(cause);
      });
      return sendMessage({ apiBase, token }, chunk, services);
    },

    async showTyping(replyTo) {
      const { chat, thread } = targetOf(replyTo);
      const topic = thread === undefined ? {} : { message_thread_id: thread };
      const { token } = await readToken();
      const parameters = { chat_id: chat, action: "typing", ...topic };
      await callBotApi({ apiBase, token, method: "sendChatAction", parameters }, services);
    },

    async showDraft(draft) {
      const { token } = await readToken();
      return showDraft({ apiBase, token }, draft, services);
    },
  };
}
