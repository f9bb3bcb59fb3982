import type { Config } from "../../config/Config.ts";
import type { Cleaned } from "../../domain/Hook.ts";
import type { Message } from "../../domain/Message.ts";
import { dropRecalled, plain } from "./dropRecalled.ts";
import { redactCredentials } from "./redactCredentials.ts";

/**
 * A transcript as it leaves the gateway: without credentials, and without what the agent recited of its memories; and how
 * many of each were taken out. A message of which nothing is left is left out. The same transcript gives the same, so that
 * two deliveries are equal. Pure.
 *
 * @param recalled the texts that were put before the agent in this session
 */
export function cleanMessages(
  messages: readonly Message[],
  recalled: readonly string[],
  { credentials, recited }: Config["cleaning"],
): { readonly messages: readonly Message[]; readonly cleaned: Cleaned } {
  const known = new Set(recalled.map(plain));
  const cleaned = { credentials: 0, recited: 0 };
  const kept = messages.flatMap((message) => {
    let { content, quoted } = message;
    if (recited && message.role === "assistant") {
      const dropped = dropRecalled(content, known);
      cleaned.recited += dropped.count;
      if (dropped.count > 0 && dropped.text === "") return [];
      content = dropped.text;
    }
    if (credentials) {
      const redacted = redactCredentials(content);
      cleaned.credentials += redacted.count;
      content = redacted.text;
      if (quoted) {
        const words = redactCredentials(quoted.text);
        cleaned.credentials += words.count;
        if (words.count > 0) quoted = { ...quoted, text: words.text };
      }
    }
    if (content === message.content && quoted === message.quoted) return [message];
    return [{ ...message, content, ...(quoted ? { quoted } : {}) }];
  });
  return { messages: kept, cleaned };
}
