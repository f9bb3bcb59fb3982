import type { Message } from "./Message.ts";
import type { Turn } from "./Turn.ts";

/**
 * The transcript as agents and memory providers see it: the words that people and the agent wrote, oldest first. Left
 * out: commands, notices, apologies for a failed turn, recalled memories (they would be learnt again), and the prompts
 * of scheduled turns, which no person wrote.
 */
export function toMessages(turns: readonly Turn[]): readonly Message[] {
  return turns.filter(({ kind }) => kind === "turn").flatMap(messagesOf);
}

function messagesOf(turn: Turn): readonly Message[] {
  const messages: Message[] = [];
  if (turn.text !== undefined && turn.origin === "chat") {
    messages.push({
      role: "user",
      content: turn.text,
      ...(turn.user ? { author: turn.user } : {}),
      at: turn.at,
    });
  }
  if (turn.reply !== undefined && turn.status === "done") {
    messages.push({ role: "assistant", content: turn.reply, at: turn.repliedAt ?? turn.at });
  }
  return messages;
}
