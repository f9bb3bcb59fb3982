import { isByPerson } from "./isByPerson.ts";
import type { StoredRow } from "./StoredRow.ts";

/** Whether anything of a stored turn comes into the transcript, by the rules of `toMessages`. */
export function hasWords(row: StoredRow): boolean {
  return isByPerson(row) || (row.kind === "turn" && row.reply !== undefined && row.status === "done");
}
