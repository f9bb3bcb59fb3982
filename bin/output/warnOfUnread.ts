import { singleLine } from "../../lib/operator/plain.ts";
import type { UnreadRow } from "../../lib/operator/readRows.ts";
import type { Terminal } from "../Terminal.ts";

/** The most rows that are named; whoever wants all of them has the table. */
const MOST_NAMED = 5;

/** Says on stderr which rows are missing from what is printed, and why; nothing when none is. */
export function warnOfUnread(terminal: Pick<Terminal, "warn">, unread: readonly UnreadRow[]): void {
  if (unread.length === 0) return;
  const named = unread.slice(0, MOST_NAMED).map(({ pk, sk, why }) => singleLine(`${pk} ${sk}: ${why}`));
  if (unread.length > MOST_NAMED) named.push(`and ${unread.length - MOST_NAMED} more`);
  const rows = unread.length === 1 ? "1 row" : `${unread.length} rows`;
  terminal.warn(
    `vesper: ${rows} could not be read, and ${unread.length === 1 ? "is" : "are"} left out: ${named.join("; ")}`,
  );
}
