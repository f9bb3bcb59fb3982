import type { StoredRow } from "./StoredRow.ts";

/** Whether a person's words are in a stored turn; not so in a scheduled prompt, or in a message of the agent's own. */
export function isByPerson({ kind, origin, text }: StoredRow): boolean {
  return kind === "turn" && origin === "chat" && text !== undefined;
}
