import type { HookAttempt } from "../../hooks/Hook.ts";
import { sha256 } from "../../runtime/sha256.ts";
import { normaliseError } from "./normaliseError.ts";

/** Names what failures of the same cause have in common: kind, status and normalised message. Eight hexadecimal digits. */
export function errorGroup({ kind, status, message }: Pick<HookAttempt, "kind" | "status" | "message">): string {
  return sha256(JSON.stringify([kind, status ?? null, normaliseError(message)]))
    .toString("hex")
    .slice(0, 8);
}
