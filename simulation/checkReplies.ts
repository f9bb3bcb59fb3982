import { DELAY_NOTICE } from "../lib/session/awaitAttempt.ts";
import { chunksOf } from "./chunksOf.ts";
import type { Gateway } from "./Gateway.ts";
import type { Message } from "./Message.ts";
import type { Story } from "./Story.ts";
import type { Witness } from "./Witness.ts";

/** A chunk as the platform has it. */
interface SentChunk {
  readonly inReplyTo: string;
  readonly text: string;
}

/** Every turn's reply went out, in order; or as much of it as the platform took before it refused it for good. */
export function checkReplies(
  { chunk }: Story,
  gateway: Gateway,
  witness: Witness,
  messages: ReadonlyMap<string, Message>,
): void {
  const sent = new Map<string, string[]>();
  const delay = chunksOf(DELAY_NOTICE, chunk);
  const told = new Set<string>();
  for (const { body } of gateway.replies.calls) {
    const { inReplyTo, text } = JSON.parse(body) as SentChunk;
    if (!delay.includes(text)) continue;
    if (told.has(`${inReplyTo} ${text}`)) witness.blame("a user is told once that it takes longer", inReplyTo);
    told.add(`${inReplyTo} ${text}`);
  }
  for (const { body } of gateway.replies.effects.values()) {
    const { inReplyTo, text } = JSON.parse(body) as SentChunk;
    if (delay.includes(text)) continue;
    sent.set(inReplyTo, [...(sent.get(inReplyTo) ?? []), text]);
  }
  for (const [delivery, [turn]] of witness.turns) {
    if (!turn || messages.get(delivery)?.role === "assistant") continue;
    const { reply = "", notice = "", undeliverable } = turn.item;
    const expected = [...chunksOf(String(notice), chunk), ...chunksOf(String(reply), chunk)];
    const got = sent.get(delivery) ?? [];
    const excused = undeliverable !== undefined || witness.givenUp.has(delivery);
    const fits = excused ? expected.join("").startsWith(got.join("")) : expected.join("|") === got.join("|");
    const problem = `${delivery}: ${got.join("|")}, not ${expected.join("|")}`;
    if (!fits) witness.blame("every reply goes out, once and in order", problem);
  }
}
