/**
 * Whether anything of a stored turn comes into the transcript, by the rules of `toMessages`. For the row as the table has
 * it, which may be partly read or unreadable.
 */
export function hasWords({ kind, origin, text, reply, status }: Readonly<Record<string, unknown>>): boolean {
  if (kind !== "turn") return false;
  return (text !== undefined && origin === "chat") || (reply !== undefined && status === "done");
}
