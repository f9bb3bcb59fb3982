import type { Conversation } from "../domain/Conversation.ts";
import type { InboundJob } from "../domain/InboundJob.ts";
import { memoryWish } from "../domain/memorySwitch.ts";
import type { EndReason } from "../domain/Session.ts";
import type { Turn } from "../domain/Turn.ts";
import type { Services } from "../services/Services.ts";
import { switchMemory } from "./switchMemory.ts";

/** Commands that end the running session. */
export const RESETS: ReadonlySet<string> = new Set(["reset", "new"]);

const HELP =
  "Write to me and I answer. I also know these commands:\n" +
  "/new begins a new conversation, with what follows it as its first message\n" +
  "/reset ends this conversation; what is worth keeping is remembered\n" +
  "/retry answers your last message anew\n" +
  "/memory says whether I remember what you write; /memory off and /memory on change it\n" +
  "/status says how this conversation stands\n" +
  "/help shows this";

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
 * @param history the session's turns before this one
 */
export async function runCommand(
  services: Pick<Services, "table" | "newId">,
  conversation: string,
  claimed: Conversation,
  history: readonly Turn[],
  { command = "", text, user }: Pick<InboundJob["message"], "command" | "text" | "user">,
): Promise<string> {
  if (RESETS.has(command)) return "Done: a new conversation begins.";
  if (command === "start") return `Hello! ${HELP}`;
  if (command === "help") return HELP;
  if (command === "status") return statusOf(claimed, history, user?.id);
  if (command === "retry") return "There is nothing here that I could answer anew.";
  if (!user) return "Memory can't be switched here: this chat does not say who you are.";
  const wish = memoryWish(text);
  if (wish) {
    await switchMemory(services, conversation, claimed, user.id, wish);
    return SAID[wish];
  }
  const now = claimed.memoryOff?.includes(user.id) ? "off" : "on";
  return `Memory is ${now} for you in this chat. Say /memory on or /memory off to change it; it holds until you do.`;
}

function statusOf({ startedAt, expiresAt, memoryOff }: Conversation, history: readonly Turn[], user = ""): string {
  const messages = history.filter(({ kind, text }) => kind === "turn" && text !== undefined).length;
  const ends =
    expiresAt === undefined ? "only when you say so" : `at ${minuteOf(expiresAt * 1000)} if nothing is written`;
  return (
    `This conversation began at ${minuteOf(startedAt)} and has ${messages} ${messages === 1 ? "message" : "messages"}. ` +
    `It ends ${ends}. Memory is ${memoryOff?.includes(user) ? "off" : "on"} for you.`
  );
}

/** A moment as people read it, to the minute. */
function minuteOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const CAUSES: Readonly<Record<EndReason, string>> = {
  idle: "the last one ended after a while without a message",
  daily: "the last one ended with the day",
  "max-age": "the last one had reached its longest duration",
  "max-size": "the last one had reached its largest size",
  reset: "the last one was reset",
  api: "the last one was ended by an operator",
  gone: "the last one ended when I could not write here any more",
  recovered: "the last one had ended",
};

/** What a user is told before the first reply of a new session: that it is new, and the true reason. */
export function resetNotice(reason: EndReason | undefined): string {
  return `(A new conversation: ${CAUSES[reason ?? "recovered"]}.)`;
}
