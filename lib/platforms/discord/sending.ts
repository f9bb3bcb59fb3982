import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Sending } from "../../adapter/definePlatform.ts";
import { asAuthFailure } from "../../adapter/readSecret.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { applicationOf, type DiscordOptions } from "./application.ts";
import { dismiss } from "./dismiss.ts";
import { toDiscord } from "./markdown.ts";
import { sendMessage } from "./sendMessage.ts";
import { showDraft } from "./showDraft.ts";

/** The most of one message, characters; counted in UTF-16 units, of which there are never fewer. */
const MAX_TEXT_LENGTH = 2_000;

/** Sends replies by an interaction's token, and by the bot. */
export function sending(options: DiscordOptions, services: AdapterServices): Sending {
  const { apiBase, readToken } = applicationOf(options, services);
  const sender = {
    apiBase,
    readToken: async () =>
      options.token &&
      readToken(options.token).catch((cause: unknown) => {
        throw asAuthFailure(cause);
      }),
  };
  return {
    render: (text) => splitText(toDiscord(text), MAX_TEXT_LENGTH),
    send: (chunk) => sendMessage(sender, chunk, services),
    dismiss: (replyTo) => dismiss(apiBase, replyTo, services),
    showDraft: (draft) => showDraft(apiBase, draft, services),
  };
}
