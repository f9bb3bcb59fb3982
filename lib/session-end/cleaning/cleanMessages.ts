import type { Config } from "../../config/Config.ts";
import type { Cleaned } from "../../domain/Hook.ts";
import type { Message } from "../../domain/Message.ts";
import { replyWords } from "../../domain/messageWords.ts";
import type { StoredMessage } from "../../domain/transcript.ts";
import { dropRecalled, plain } from "./dropRecalled.ts";
import { redactCredentials } from "./redactCredentials.ts";

/**
 * A transcript as it leaves the gateway: without credentials, and without what the agent recited of its memories; and how
 * many of each were taken out. What tools answered stands before the reply. A message of which nothing is left is left out.
 * The same transcript gives the same, so that two deliveries are equal. Pure.
 *
 * @param recalled the texts that were put before the agent in this session
 */
export function cleanMessages(
  messages: readonly StoredMessage[],
  recalled: readonly string[],
  { credentials, recited }: Config["cleaning"],
): { readonly messages: readonly Message[]; readonly cleaned: Cleaned } {
  const known = new Set(recalled.map(plain));
  const cleaned = { credentials: 0, recited: 0 };
  const redacted = (text: string) => {
    if (!credentials) return text;
    const { text: rest, count } = redactCredentials(text);
    cleaned.credentials += count;
    return rest;
  };
  const kept = messages.flatMap(({ toolResults = [], ...message }): readonly Message[] => {
    let { content, quoted } = message;
    if (recited && message.role === "assistant") {
      const dropped = dropRecalled(content, known);
      cleaned.recited += dropped.count;
      if (dropped.count > 0 && dropped.text === "" && toolResults.length === 0) return [];
      content = dropped.text;
    }
    // Quoted only then: as JSON a credential does not look like one.
    const results = toolResults.map(({ tool, text }) => ({ tool, text: redacted(text) }));
    content = replyWords(redacted(content), results);
    if (quoted) quoted = { ...quoted, text: redacted(quoted.text) };
    return [{ ...message, content, ...(quoted ? { quoted } : {}) }];
  });
  return { messages: kept, cleaned };
}
