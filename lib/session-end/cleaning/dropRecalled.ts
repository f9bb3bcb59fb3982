/** A shorter memory may well be said for itself, characters. */
const LEAST = 8;

/** The place of a prompt where memories stand, should a model have repeated it. */
const BLOCK = /<memories>[\s\S]*?<\/memories>\n?/g;

const BLOCK_END = "</memories>\n";

/** What names an author in a prompt, should a model have begun with it. */
const AUTHOR = /^\[from "[^\]\n]{0,200}"\]\n/gm;

/**
 * An agent's words without what its prompt had of ours: the place of the memories, the lines that name authors, and lines
 * that recite a memory and say nothing else. A provider would learn them again, as if they had just been said. Pure.
 *
 * @param recalled the texts that were put before the agent
 */
export function dropRecalled(words: string, recalled: ReadonlySet<string>): { text: string; count: number } {
  let count = 0;
  const counted = () => {
    count++;
    return "";
  };
  // Where no place ends any more, to look for one from each beginning takes the square of their number.
  const end = words.lastIndexOf(BLOCK_END.trim()) + BLOCK_END.length;
  const rest = (words.slice(0, end).replace(BLOCK, counted) + words.slice(end)).replace(AUTHOR, counted);
  const lines = rest.split("\n").filter((line) => {
    const said = plain(line.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, ""));
    return said.length < LEAST || !recalled.has(said) || counted() !== "";
  });
  return count === 0 ? { text: words, count } : { text: lines.join("\n").trim(), count };
}

/** Texts as they are compared: white space counts for nothing. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
