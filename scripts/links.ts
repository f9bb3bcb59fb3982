import { glob, readFile } from "node:fs/promises";
import { brokenLinks } from "./links/brokenLinks.ts";
import { mentionedPages } from "./links/mentionedPages.ts";

/**
 * `npm run links`: fails and names each link, anchor and path of the docs that leads nowhere, and each page of the docs
 * that a source file names and that is not there.
 */

/** What npm, git and this repository's own commands make. */
const MADE = new Set(["node_modules", ".git", ".vesper", ".stryker", ".cache", "cdk.out", "coverage", "dist"]);

const root = new URL("../", import.meta.url);
const files = new Set<string>();
for await (const entry of glob("**/*", { cwd: root, withFileTypes: true, exclude: ({ name }) => MADE.has(name) })) {
  if (entry.isFile()) files.add(toPath(`${entry.parentPath}/${entry.name}`));
}

const pages = new Map<string, string>();
const problems: string[] = [];
for (const file of [...files].toSorted()) {
  if (!/\.(?:md|tsx?|mjs|json)$/.test(file)) continue;
  const text = await readFile(new URL(file, root), "utf8");
  if (file.endsWith(".md")) pages.set(file, text);
  else problems.push(...mentionedPages(file, text, files));
}
problems.push(...brokenLinks({ files, pages }));

for (const problem of problems) console.error(problem);
console.log(`${pages.size} pages: ${problems.length} links, anchors and paths lead nowhere`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** A path of this machine as one from the repository's root. */
function toPath(absolute: string): string {
  return new URL(`file://${absolute.replaceAll("\\", "/")}`).pathname.slice(root.pathname.length);
}
