import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Sending } from "../../adapter/definePlatform.ts";
import { asAuthFailure } from "../../adapter/readSecret.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import { appOf, type SlackOptions } from "./app.ts";
import { callSlack } from "./callSlack.ts";
import { respond } from "./respond.ts";
import { sendMessage, showDraft, targetOf } from "./sendMessage.ts";

/** The most of one message's Markdown, characters: https://docs.slack.dev/reference/methods/chat.postMessage#arg_markdown_text */
const MAX_TEXT_LENGTH = 12_000;

/** Sends replies by the Web API, or to the address of a slash command. */
export function sending(options: SlackOptions, services: AdapterServices): Sending {
  const { apiBase, readToken } = appOf(options, services);
  const readApi = async () => {
    const token = await readToken().catch((cause: unknown) => {
      throw asAuthFailure(cause);
    });
    return { apiBase, token };
  };
  return {
    render: (text) => splitText(text, MAX_TEXT_LENGTH),

    async send(chunk) {
      const to = targetOf(chunk.replyTo);
      if ("responseUrl" in to) return respond(to.responseUrl, chunk.text, apiBase, services);
      return sendMessage(await readApi(), chunk, to, services);
    },

    async showTyping(replyTo) {
      const to = targetOf(replyTo);
      // Slack shows it in threads alone.
      if ("responseUrl" in to || to.thread === undefined) return;
      const parameters = { channel_id: to.channel, thread_ts: to.thread, status: "is thinking …" };
      const outcome = await callSlack(
        { ...(await readApi()), method: "assistant.threads.setStatus", parameters },
        services,
      );
      if ("error" in outcome) throw outcome.error;
    },

    async showDraft(draft) {
      const to = targetOf(draft.replyTo);
      if ("responseUrl" in to) return undefined;
      return showDraft(await readApi(), draft, to, services);
    },
  };
}
