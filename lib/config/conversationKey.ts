import type { InboundMessage } from "../domain/InboundMessage.ts";
import { keyPart } from "../domain/ids.ts";
import type { Config } from "./Config.ts";

/** The key of a chat with all its conversations: tenant, platform, chat. Their keys begin with it: see `chatOf`. */
export function chatKey({ tenant }: Pick<Config, "tenant">, platform: string, id: string): string {
  return [tenant, platform, id].map(keyPart).join("/");
}

/** The key of the chat that a conversation, by its key, takes place in. */
export function chatOf(conversation: string): string {
  return conversation.split("/").slice(0, 3).join("/");
}

/** What fits a partition key of DynamoDB with what stands before it, bytes. */
const MOST_KEY = 2_000;

/** The name of the platform that a conversation's key is of; undefined where no conversation can have that key. */
export function platformOfKey(
  { tenant, platforms }: Pick<Config, "tenant" | "platforms">,
  conversation: string,
): string | undefined {
  const parts = conversation.split("/");
  const isKey =
    conversation.length <= MOST_KEY &&
    parts.length === 5 &&
    parts[0] === keyPart(tenant) &&
    parts.every((part) => /^[\w%.!~*'()=-]*$/.test(part));
  return isKey ? Object.keys(platforms).find((name) => keyPart(name) === parts[1]) : undefined;
}

/**
 * The key of the conversation that a message belongs to: tenant, platform, chat, thread, participant. Deterministic, so
 * that no state is needed to find a conversation. A group has a lane per member unless the config shares it; direct
 * messages and threads have one lane.
 */
export function conversationKey(
  config: Pick<Config, "tenant" | "groups">,
  platform: string,
  { chat, user }: Pick<InboundMessage, "chat" | "user">,
): string {
  const lane = chat.type === "group" && config.groups === "per-member" ? (user?.id ?? "") : "";
  return [config.tenant, platform, chat.id, chat.thread ?? "", lane].map(keyPart).join("/");
}
