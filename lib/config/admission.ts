import type { InboundMessage } from "../domain/InboundMessage.ts";
import type { Config } from "./Config.ts";

/**
 * Whether whoever wrote a message may talk to the agent. `ask`: only once an operator has approved them. The agent's own
 * messages are always taken. Pure.
 */
export function mayTalk(
  { access }: Pick<Config, "access">,
  platform: string,
  { chat, user, role }: Pick<InboundMessage, "chat" | "user" | "role">,
): "yes" | "ask" | "no" {
  // A platform may be called "constructor", which every object has.
  const rules = Object.hasOwn(access, platform) ? access[platform] : undefined;
  if (!rules || rules.others === "answer" || role === "assistant" || rules.chats.includes(chat.id)) return "yes";
  if (user && rules.users.includes(user.id)) return "yes";
  return rules.others === "pair" && user ? "ask" : "no";
}

/**
 * What is done with a message by its place: what is said in a group among its members is not answered, and by the config
 * recorded or not. Pure.
 */
export function attention(
  { inGroups }: Pick<Config, "inGroups">,
  { chat, mentioned, edits }: Pick<InboundMessage, "chat" | "mentioned" | "edits">,
): "answer" | "listen" | "ignore" {
  const isMeant = chat.type === "dm" || mentioned !== false || inGroups.answer === "always";
  // An edit corrects what was heard, however it was.
  if (isMeant || edits !== undefined) return "answer";
  return inGroups.between === "context" ? "listen" : "ignore";
}
