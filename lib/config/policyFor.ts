import type { ChatType } from "../domain/InboundMessage.ts";
import type { SessionPolicy } from "../domain/SessionPolicy.ts";
import type { Config } from "./Config.ts";

/** The policy of a conversation: its chat type's, else its platform's, else the default. Whole policies, never mixed. */
export function policyFor(sessions: Config["sessions"], platform: string, chatType: ChatType): SessionPolicy {
  // A platform may be called "constructor", which every object has.
  const ofPlatform = Object.hasOwn(sessions.byPlatform, platform) ? sessions.byPlatform[platform] : undefined;
  return sessions.byChatType[chatType] ?? ofPlatform ?? sessions.policy;
}
