import { posix } from "node:path";
import { anchorsOf } from "./anchorsOf.ts";
import { linksOf } from "./linksOf.ts";

/** What the check looks at: every file of the repository, and the texts of its pages. */
export interface Repository {
  /** The paths of all files, from the repository's root, with `/`. */
  readonly files: ReadonlySet<string>;
  /** The Markdown pages: their paths and texts. */
  readonly pages: ReadonlyMap<string, string>;
}

/**
 * What the pages point to and is not there, a line each: the page, the line, what it names, and what to do.
 *
 * A path may be named without its ending, as `test/integration/idle` is, and a source file by its name alone.
 */
export function brokenLinks(repository: Repository): readonly string[] {
  const there = thingsOf(repository.files);
  const problems: string[] = [];
  for (const [page, text] of repository.pages) {
    for (const { line, target, kind } of linksOf(text)) {
      const problem = kind === "path" ? wrongPath(there, page, target) : wrongLink(repository, there, page, target);
      if (problem !== undefined) problems.push(`${page}:${line}: ${problem}`);
    }
  }
  return problems;
}

interface Things {
  /** Files and their folders, whole and without the endings `.ts` and `.test.ts`. */
  readonly paths: ReadonlySet<string>;
  /** The names of files, without their folders. */
  readonly names: ReadonlySet<string>;
}

function thingsOf(files: ReadonlySet<string>): Things {
  const paths = new Set<string>();
  const names = new Set<string>();
  for (const file of files) {
    names.add(posix.basename(file));
    paths.add(file).add(file.replace(/(?:\.test)?\.tsx?$/, ""));
    for (let folder = posix.dirname(file); folder !== "."; folder = posix.dirname(folder)) paths.add(folder);
  }
  return { paths, names };
}

function wrongPath({ paths, names }: Things, page: string, target: string): string | undefined {
  const path = target.replace(/\/$/, "");
  const isThere = path.includes("*")
    ? [...paths].some((known) => posix.matchesGlob(known, path))
    : paths.has(path) || paths.has(posix.join(posix.dirname(page), path)) || (!path.includes("/") && names.has(path));
  return isThere ? undefined : `there is no \`${target}\`: name it as it stands in the repository`;
}

function wrongLink(repository: Repository, { paths }: Things, page: string, target: string): string | undefined {
  const [address = "", anchor] = target.split("#");
  const path = address === "" ? page : posix.join(posix.dirname(page), decodeURIComponent(address)).replace(/\/$/, "");
  if (!paths.has(path) && path !== ".") return `the link ${target} leads to ${path}, which is not there`;
  if (path.startsWith("..")) return `the link ${target} leads out of the repository`;
  const text = repository.pages.get(path);
  if (anchor === undefined || text === undefined || anchorsOf(text).has(anchor)) return undefined;
  return `the link ${target} leads to a heading that ${path} does not have; it has ${[...anchorsOf(text)].join(", ")}`;
}
