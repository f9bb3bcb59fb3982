import { codeOf, proseOf } from "./proseOf.ts";

/** What a page points to. */
export interface Link {
  /** The line that it stands in, from 1 on. */
  readonly line: number;
  /** As it is written: an address with or without an anchor, or the path of a file. */
  readonly target: string;
  /** A link is followed by a browser; a path is only named, in backticks or in an import. */
  readonly kind: "link" | "path";
}

const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** Links in Markdown and in HTML, `[text](target)` and `src="target"`. */
const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|srcset|href)="([^"]+)"/g;

/** Folders of the repository: what begins with one of them, and a slash, is a path. */
const FOLDERS = "bin|cdk|console|docs|emulators|functions|lib|local|scripts|test|verification";

/** A file of the sources by its name alone, or a path by its first folder. */
const PATH = new RegExp(String.raw`^(?:[\w.-]+\.(?:ts|tsx|mjs|c)|(?:${FOLDERS})/[\w.*/-]+)$`);

/**
 * All that a page of the docs points to in this repository: its links, and the paths that it names in backticks or in
 * the imports of its examples. Addresses elsewhere are left out.
 */
export function linksOf(page: string): readonly Link[] {
  const links: Link[] = [];
  for (const { number: line, text } of proseOf(page)) {
    for (const [, inline, reference, html] of text.replaceAll(/`[^`]*`/g, "").matchAll(LINK)) {
      const target = inline ?? reference ?? html;
      if (target !== undefined && !ELSEWHERE.test(target)) links.push({ line, target, kind: "link" });
    }
    for (const [, code = ""] of text.matchAll(/`([^`]+)`/g)) links.push(...pathsIn(code, line));
  }
  for (const { number: line, text } of codeOf(page)) {
    const imported = /\bfrom "\.\/([^"]+)"/.exec(text)?.[1];
    if (imported !== undefined) links.push({ line, target: imported, kind: "path" });
  }
  return links;
}

function pathsIn(code: string, line: number): readonly Link[] {
  return code
    .split(/[\s'"(),;]+/)
    .map((word) => word.replace(/[:.]$/, ""))
    .filter((word) => PATH.test(word))
    .map((target) => ({ line, target, kind: "path" }));
}
