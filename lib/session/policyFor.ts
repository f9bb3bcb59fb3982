import type { Config, SessionPolicy } from "../config/Config.ts";
import type { ChatType } from "../platforms/Platform.ts";

/** The policy of a conversation: its chat type's, else its platform's, else the default. Whole policies, never mixed. */
export function policyFor(sessions: Config["sessions"], platform: string, chatType: ChatType): SessionPolicy {
  return sessions.byChatType[chatType] ?? sessions.byPlatform[platform] ?? sessions.policy;
}
