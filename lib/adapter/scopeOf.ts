import { keyPart } from "../domain/ids.ts";
import { DeliveryError } from "./errors.ts";
import type { MemoryOwner } from "./MemoryProvider.ts";

/**
 * Who may be told what is remembered: a user of a tenant on a platform, and for what was said in a group or thread only
 * in that chat. Written and read under the same name, so that a direct message is never recited to a group. No two
 * scopes share a name, and every name fits a key of the table.
 *
 * Throws `DeliveryError` (invalid) when a part is empty: nothing is ever kept under a default user.
 */
export function scopeOf({ tenant, platform, chat, user }: MemoryOwner) {
  const parts = chat.type === "dm" ? [tenant, platform, user.id] : [tenant, platform, chat.id, user.id];
  if (parts.includes("")) {
    throw new DeliveryError("invalid", "a memory's tenant, platform, chat and user must not be empty", {
      outcome: "not-sent",
    });
  }
  return parts.map(keyPart).join("/");
}
