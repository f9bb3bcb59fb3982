import type { Gateway } from "./Gateway.ts";
import type { Message } from "./Message.ts";
import type { Witness } from "./Witness.ts";

/** Every turn's reply went out, in order, but for what the platform refused for good. */
export function checkReplies(gateway: Gateway, witness: Witness, messages: ReadonlyMap<string, Message>): void {
  const sent = new Map<string, string[]>();
  for (const { body } of gateway.replies.effects.values()) {
    const { inReplyTo, text } = JSON.parse(body) as { readonly inReplyTo: string; readonly text: string };
    sent.set(inReplyTo, [...(sent.get(inReplyTo) ?? []), text]);
  }
  for (const [delivery, [turn]] of witness.turns) {
    if (!turn || messages.get(delivery)?.role === "assistant") continue;
    const { notice = [], reply = [] } = witness.replies.made.get(delivery) ?? {};
    const missing = [...witness.replies.missingOf(delivery, turn.item)];
    const expected = [...notice, ...reply].filter((text) => {
      const index = missing.indexOf(text);
      if (index >= 0) missing.splice(index, 1);
      return index < 0;
    });
    const got = sent.get(delivery) ?? [];
    const fits = witness.givenUp.has(delivery)
      ? expected.join("").startsWith(got.join(""))
      : got.filter((text) => expected.includes(text)).join("|") === expected.join("|");
    const problem = `${delivery}: ${got.join("|")}, not ${expected.join("|")}`;
    if (witness.replies.unsent.has(delivery)) witness.blame("a failed reply is sent again", delivery);
    if (!fits) witness.blame("every reply goes out, once and in order", problem);
  }
}
