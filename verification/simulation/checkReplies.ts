import { DELAY_NOTICE } from "../../lib/message/awaitAttempt.ts";
import { chunksOf } from "./chunksOf.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";

/** A chunk as the platform has it. */
interface SentChunk {
  readonly inReplyTo: string;
  readonly text: string;
}

/** Every turn's reply went out, in order, but for what the platform refused for good. */
export function checkReplies(
  gateway: Gateway,
  monitor: InvariantMonitor,
  messages: ReadonlyMap<string, Message>,
): void {
  const sent = new Map<string, string[]>();
  const delay = chunksOf(DELAY_NOTICE, gateway.chunk);
  const told = new Set<string>();
  for (const { body } of gateway.replies.calls) {
    const { inReplyTo, text } = JSON.parse(body) as SentChunk;
    if (!delay.includes(text)) continue;
    if (told.has(`${inReplyTo} ${text}`)) monitor.violate("a user is told once that it takes longer", inReplyTo);
    told.add(`${inReplyTo} ${text}`);
  }
  for (const { body } of gateway.replies.effects.values()) {
    const { inReplyTo, text } = JSON.parse(body) as SentChunk;
    if (delay.includes(text)) continue;
    sent.set(inReplyTo, [...(sent.get(inReplyTo) ?? []), text]);
  }
  for (const [messageId, [turn]] of monitor.turns) {
    if (!turn || messages.get(messageId)?.role === "assistant") continue;
    const { notice = [], reply = [] } = monitor.replies.made.get(messageId) ?? {};
    const isGivenUp = monitor.givenUp.has(messageId);
    const missing = [...monitor.replies.missingOf(messageId, turn.item, isGivenUp)];
    const expected = [...notice, ...reply].filter((text) => {
      const index = missing.indexOf(text);
      if (index >= 0) missing.splice(index, 1);
      return index < 0;
    });
    const got = sent.get(messageId) ?? [];
    const fits = isGivenUp
      ? expected.join("").startsWith(got.join(""))
      : got.filter((text) => expected.includes(text)).join("|") === expected.join("|");
    const problem = `${messageId}: ${got.join("|")}, not ${expected.join("|")}`;
    if (monitor.replies.unsent.has(messageId)) monitor.violate("a failed reply is sent again", messageId);
    if (!fits) monitor.violate("every reply goes out, once and in order", problem);
  }
}
