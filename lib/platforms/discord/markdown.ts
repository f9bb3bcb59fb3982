import { type Fence, fenceAfter } from "../../adapter/text/splitText.ts";

/**
 * An agent's Markdown as Discord formats it. Discord takes any text and shows what it does not know as it is written; so
 * what it does not know is written otherwise: tables as code, in which their columns stay, deeper headings as bold,
 * pictures as links, `__bold__`, which it would underline, as `**bold**`, and quotations in quotations as one. Pure.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function toDiscord(markdown: string): string {
  const lines = markdown.split("\n");
  const written: string[] = [];
  let fence: Fence | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const isInside = fence !== undefined;
    fence = fenceAfter(line, fence);
    const rows = isInside || fence ? 0 : rowsOfTable(lines, at);
    if (rows > 0) {
      written.push("```", ...lines.slice(at, at + rows), "```");
      at += rows - 1;
    } else {
      written.push(isInside || fence ? line : convertLine(line));
    }
  }
  return written.join("\n");
}

/** How many lines the table has that begins there; 0 when none does. */
function rowsOfTable(lines: readonly string[], at: number): number {
  const rule = lines[at + 1] ?? "";
  const isRule = /^[\s|:-]+$/.test(rule) && rule.includes("-") && rule.includes("|");
  if (!isRule || !lines[at]?.includes("|")) return 0;
  let end = at + 2;
  while (lines[end]?.includes("|")) end++;
  return lines.slice(at, end).some((line) => line.includes("```")) ? 0 : end - at;
}

function convertLine(line: string): string {
  const heading = /^ {0,3}#{4,6} (.+)$/.exec(line)?.[1]?.replaceAll("**", "").trim();
  if (heading) return `**${heading}**`;
  // Between an odd and an even backtick is code.
  return line
    .replace(/^(?:> ?){2,}/, "> ")
    .split("`")
    .map((part, index) => (index % 2 === 0 ? convertWords(part) : part))
    .join("`");
}

function convertWords(text: string): string {
  return text
    .replace(/!\[([^[\]\n]*)\]\(([^()\s]+)\)/g, (_, alt: string, url: string) =>
      alt === "" ? url : `[${alt}](${url})`,
    )
    .replace(/(?<![\w\\])__(?=[^\s_])([^_\n]+)__(?!\w)/g, "**$1**");
}
