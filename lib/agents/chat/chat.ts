import * as v from "valibot";
import { adapterOf, defineAdapter } from "../../adapter/Adapter.ts";
import type { Agent } from "../../adapter/Agent.ts";
import { wholeNumberSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { converse } from "./converse.ts";
import { fitHistory } from "./fitHistory.ts";
import { messagesOf, systemPrompt } from "./prompt.ts";
import { toolBelt } from "./toolBelt.ts";

const SYSTEM_SHOWS = 'a text of up to 100,000 characters, such as "You are a teacher. Answer in the user\'s language."';

const TOOLS_SHOWS = 'an object of names, such as "shop", each with what mcpServer(…) makes';

const serverName = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9]{0,15}$/i, "a name of up to 16 letters and digits"));

const optionsSchema = strictFields({
  model: adapterOf("model", "openai(…), bedrock(…) or another model"),
  system: v.optional(
    v.pipe(v.string(SYSTEM_SHOWS), v.nonEmpty(SYSTEM_SHOWS), v.maxLength(100_000, SYSTEM_SHOWS)),
    "You are a helpful assistant. Answer briefly, and in the user's language.",
  ),
  historyTokens: v.optional(wholeNumberSchema(500, 1_000_000), 16_000),
  tools: v.optional(v.record(serverName, adapterOf("tools", "mcpServer(…)"), TOOLS_SHOWS), {}),
  toolLimits: v.optional(
    strictFields({
      calls: v.optional(wholeNumberSchema(1, 50), 8),
      seconds: v.optional(wholeNumberSchema(1, 40), 10),
      characters: v.optional(wholeNumberSchema(100, 200_000), 20_000),
    }),
    {},
  ),
  keepToolResults: v.optional(v.boolean("true or false"), false),
});

/**
 * A language model that chats: it is given what it shall be (`system`), what was recalled of the user, the session so far
 * and the message. What was recalled stands as data in one place of the system prompt. Of the session the newest turns are
 * given, `historyTokens` of them by a careful estimate; that older ones were left out is told in the log.
 * `tools` are servers' tools that it may call, within `toolLimits` for each answer. What
 * they answer is for that answer alone, unless `keepToolResults` puts it into the transcript that memory providers get.
 * Where the chat can show a reply while it is written, the model's words are shown as they come.
 *
 * @example
 * chat({ model: openai({ model: "gpt-5-mini", key: secret("OPENAI_API_KEY") }), system: "You are a teacher of French." })
 */
export const chat = defineAdapter(
  "agent",
  "chat",
  optionsSchema,
  process.env.VESPER_WITHOUT_AGENTS
    ? undefined
    : ({ model, system, historyTokens, tools, toolLimits, keepToolResults }, services): Agent => {
        const { calls, seconds, characters } = toolLimits;
        const built = model.create(services);
        const boxes = new Map(Object.entries(tools).map(([name, box]) => [name, box.create(services)]));
        const limits = { calls, time: seconds * 1000, size: characters };
        const { clock, log } = services;
        return {
          async reply(input) {
            const { session, memories, deadline, signal, show } = input;
            const { kept, dropped } = fitHistory(input.history, historyTokens);
            if (dropped > 0) log.info("history.dropped", { session, messages: dropped, kept: kept.length });
            const patience = () => ({ timeout: Math.max(0, deadline - clock.now()), signal });
            const belt = boxes.size > 0 ? await toolBelt(boxes, limits, log, patience()) : undefined;
            const answer = await converse(built, belt, calls, () => ({
              system: systemPrompt(system, memories, input.chat.type, belt !== undefined),
              messages: messagesOf({ ...input, history: kept }),
              ...patience(),
              ...(show ? { onText: show } : {}),
            }));
            if (answer.isCut) log.warn("reply.cut", { session, model: answer.model });
            const { text, model: name, usage } = answer;
            const toolResults = keepToolResults ? (belt?.answers ?? []) : [];
            return {
              ...{ text, model: name, ...(usage ? { usage } : {}) },
              ...(toolResults.length > 0 ? { toolResults } : {}),
            };
          },
        };
      },
);
