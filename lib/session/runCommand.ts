import { sessionItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";

/** Commands that end the running session. */
export const RESETS: ReadonlySet<string> = new Set(["reset", "new"]);

/**
 * Carries out a command that is not a turn and answers what to tell the user. The boundary that `/reset` and `/new`
 * stand for has been made by the claim.
 */
export async function runCommand(
  table: Table,
  conversation: string,
  session: string,
  command: string,
  text: string,
): Promise<string> {
  if (RESETS.has(command)) return "Done: a new conversation begins.";
  const wanted = text.trim().toLowerCase();
  if (wanted !== "on" && wanted !== "off") return "Say /memory on or /memory off; it holds for this conversation.";
  await updateItem(table, {
    Key: sessionItem(conversation, session),
    UpdateExpression: "SET memory = :wanted",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":wanted": wanted },
  });
  return wanted === "off"
    ? "Nothing of this conversation will be remembered."
    : "This conversation will be remembered when it ends.";
}
