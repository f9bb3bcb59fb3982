import { createHash } from "node:crypto";
import type { Config } from "../config/Config.ts";
import type { InboundMessage } from "../platforms/Platform.ts";

/** Three parts of this length and two names fit the 2,048 bytes of a partition key of DynamoDB. */
const LONGEST_PART = 512;

/**
 * The key of the conversation that a message belongs to: tenant, platform, chat, thread, participant. Deterministic, so
 * that no state is needed to find a conversation. Each part is percent-encoded, so no id can reach into another part;
 * one that is too long for a key is hashed, behind a "=", which no encoded part has. A group has a lane per member unless
 * the config shares it; direct messages and threads have one lane.
 */
export function conversationKey(
  config: Pick<Config, "tenant" | "groups">,
  platform: string,
  { chat, user }: Pick<InboundMessage, "chat" | "user">,
): string {
  const lane = chat.type === "group" && config.groups === "per-member" ? (user?.id ?? "") : "";
  return [config.tenant, platform, chat.id, chat.thread ?? "", lane].map(encodePart).join("/");
}

function encodePart(part: string): string {
  const encoded = encodeURIComponent(part.toWellFormed());
  return encoded.length > LONGEST_PART ? `=${createHash("sha256").update(encoded).digest("hex")}` : encoded;
}
