import type { Message } from "./Message.ts";
import type { Turn } from "./Turn.ts";
import { toMessages } from "./toMessages.ts";

/** Stands where the agent gave no reply, or none that arrived. */
const NO_REPLY = "(no reply)";

/** Stands before what the agent wrote of its own accord. */
const NO_MESSAGE = "(no message: the assistant writes first)";

/**
 * The transcript as the agent sees it, oldest first: a user message and an assistant message in turn, whatever happened,
 * as many models take nothing else. A turn that failed is left out, so that a message which no model takes fails alone.
 * What is missing of a turn is filled in by a placeholder, which is marked. Pure.
 */
export function toHistory(turns: readonly Turn[]): readonly Message[] {
  return turns.filter(({ status }) => status === "done").flatMap(pairOf);
}

function pairOf(turn: Turn): readonly Message[] {
  const messages = toMessages([turn]);
  const [first, last] = [messages[0], messages.at(-1)];
  if (!first || !last) return [];
  return [
    ...(first.role === "user" ? [] : [placeholder("user", NO_MESSAGE, first.at)]),
    ...messages,
    ...(last.role === "assistant" ? [] : [placeholder("assistant", NO_REPLY, last.at)]),
  ];
}

function placeholder(role: Message["role"], content: string, at: number): Message {
  return { role, content, at, placeholder: true };
}
