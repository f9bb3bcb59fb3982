import { escapeUnsafe } from "../../lib/runtime/jsonLogger.ts";

/** JSON that is safe to print to a terminal. */
export function toJson(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value, null, 2));
}
