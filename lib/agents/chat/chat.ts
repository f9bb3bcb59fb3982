import * as v from "valibot";
import { adapterOf, defineAdapter } from "../../adapter/Adapter.ts";
import type { Agent } from "../../adapter/Agent.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { fitHistory } from "./fitHistory.ts";
import { messagesOf, systemPrompt } from "./prompt.ts";

const SYSTEM_SHOWS = 'a text of up to 100,000 characters, such as "You are a teacher. Answer in the user\'s language."';

const TOKENS_SHOWS = "a whole number from 500 to 1,000,000";

const optionsSchema = strictFields({
  model: adapterOf("model", "openai(…), bedrock(…) or another model"),
  system: v.optional(
    v.pipe(v.string(SYSTEM_SHOWS), v.nonEmpty(SYSTEM_SHOWS), v.maxLength(100_000, SYSTEM_SHOWS)),
    "You are a helpful assistant. Answer briefly, and in the user's language.",
  ),
  historyTokens: v.optional(
    v.pipe(
      v.number(TOKENS_SHOWS),
      v.integer(TOKENS_SHOWS),
      v.minValue(500, TOKENS_SHOWS),
      v.maxValue(1_000_000, TOKENS_SHOWS),
    ),
    16_000,
  ),
});

/**
 * A language model that chats: it is given what it shall be (`system`), what was recalled of the user, the session so far
 * and the message. What was recalled stands as data in one place of the system prompt. Of the session the newest turns are
 * given, `historyTokens` of them by a careful estimate; that older ones were left out is told in the log.
 * Where the chat can show a reply while it is written, the model's words are shown as they come.
 *
 * @example
 * chat({ model: openai({ model: "gpt-5-mini", key: secret("OPENAI_API_KEY") }), system: "You are a teacher of French." })
 */
export const chat = defineAdapter(
  "agent",
  "chat",
  optionsSchema,
  ({ model, system, historyTokens }, services): Agent => {
    const built = model.create(services);
    const { clock, log } = services;
    return {
      async reply(input) {
        const { session, memories, deadline, signal, show } = input;
        const { kept, dropped } = fitHistory(input.history, historyTokens);
        if (dropped > 0) log.info("history.dropped", { session, messages: dropped, kept: kept.length });
        const answer = await built.complete({
          system: systemPrompt(system, memories, input.chat.type),
          messages: messagesOf({ ...input, history: kept }),
          timeout: Math.max(0, deadline - clock.now()),
          signal,
          ...(show ? { onText: show } : {}),
        });
        if (answer.isCut) log.warn("reply.cut", { session, model: answer.model });
        const { text, model: name, usage } = answer;
        return { text, model: name, ...(usage ? { usage } : {}) };
      },
    };
  },
);
