import type { Message } from "../../domain/Message.ts";
import type { Limits } from "../Limits.ts";
import { type PartMessage, splitMessages } from "./splitMessages.ts";

/**
 * Messages in batches that keep a service's limits of messages a call and characters a message; a longer message is cut, as
 * `splitMessages` does. Pure: the same messages and limits give the same batches.
 */
export function batchMessages(
  messages: readonly Message[],
  { messages: most, characters }: Required<Pick<Limits, "messages" | "characters">>,
): readonly (readonly PartMessage[])[] {
  const pieces = messages.flatMap((message) => splitMessages([message], characters, lengthOf).flat());
  return Array.from({ length: Math.ceil(pieces.length / most) }, (_, i) => pieces.slice(i * most, (i + 1) * most));
}

/** UTF-16 units, which are no fewer than the characters that any service counts. */
function lengthOf({ content }: PartMessage): number {
  return content.length;
}
