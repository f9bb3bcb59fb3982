import type { RecallQuery } from "../../adapter/MemoryProvider.ts";
import { safeId } from "../../adapter/safeId.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";

/** The `user_id` at Mem0 of a user, for what was said in a group of that user there. Throws `DeliveryError` as `scopeOf`. */
export function userIdOf(who: Pick<RecallQuery, "tenant" | "platform" | "chat" | "user">): string {
  return safeId(who.user.id, scopeOf(who));
}
