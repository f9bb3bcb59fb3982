import type { Conversation } from "../domain/Conversation.ts";
import type { InboundJob } from "../domain/InboundJob.ts";
import { memoryWish } from "../domain/memorySwitch.ts";
import type { EndReason } from "../domain/Session.ts";
import type { Services } from "../services/Services.ts";
import { switchMemory } from "./switchMemory.ts";

/** Commands that end the running session. */
export const RESETS: ReadonlySet<string> = new Set(["reset", "new"]);

const SAID = {
  off:
    "Memory is off for you in this chat: nothing is remembered that you have written since this conversation began or " +
    "write from now on, until you say /memory on.",
  on:
    "Memory is on for you in this chat: what you write is remembered when a conversation ends, until you say /memory " +
    "off. What you wrote while it was off is not.",
} as const;

/**
 * Carries out a command that is not a turn and answers what to tell the user. The boundary that `/reset` and `/new`
 * stand for has been made by the claim.
 *
 * @param claimed the conversation as the claim left it
 */
export async function runCommand(
  services: Pick<Services, "table" | "newId">,
  conversation: string,
  claimed: Conversation,
  { command = "", text, user }: Pick<InboundJob["message"], "command" | "text" | "user">,
): Promise<string> {
  if (RESETS.has(command)) return "Done: a new conversation begins.";
  if (!user) return "Memory can't be switched here: this chat does not say who you are.";
  const wish = memoryWish(text);
  if (wish) {
    await switchMemory(services, conversation, claimed, user.id, wish);
    return SAID[wish];
  }
  const now = claimed.memoryOff?.includes(user.id) ? "off" : "on";
  return `Memory is ${now} for you in this chat. Say /memory on or /memory off to change it; it holds until you do.`;
}

const CAUSES: Readonly<Record<EndReason, string>> = {
  idle: "the last one ended after a while without a message",
  daily: "the last one ended with the day",
  "max-age": "the last one had reached its longest duration",
  "max-size": "the last one had reached its largest size",
  reset: "the last one was reset",
  api: "the last one was ended by an operator",
  recovered: "the last one had ended",
};

/** What a user is told before the first reply of a new session: that it is new, and the true reason. */
export function resetNotice(reason: EndReason | undefined): string {
  return `(A new conversation: ${CAUSES[reason ?? "recovered"]}.)`;
}
