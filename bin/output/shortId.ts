import type { Terminal } from "../Terminal.ts";

/** As many characters of an id's end as tell a million of them apart. */
const SHORT = 8;

/** An id as a table shows it: to a person its end, which every command takes; to a program all of it. */
export function shortId(id: string, { isTerminal }: Pick<Terminal, "isTerminal">): string {
  return isTerminal && id.length > SHORT + 1 ? `…${id.slice(-SHORT)}` : id;
}
