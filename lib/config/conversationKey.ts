import type { InboundMessage } from "../domain/InboundMessage.ts";
import { keyPart } from "../domain/ids.ts";
import type { Config } from "./Config.ts";

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
