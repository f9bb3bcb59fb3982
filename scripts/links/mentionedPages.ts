/**
 * The pages of the docs that a source file names, in a comment or in a text for its user, and that are not there.
 *
 * @param file the source's path, for the message
 * @param files the paths of all files of the repository
 */
export function mentionedPages(file: string, source: string, files: ReadonlySet<string>): readonly string[] {
  const problems: string[] = [];
  for (const [index, line] of source.split("\n").entries()) {
    for (const [page] of line.matchAll(/(?<![\w/.])docs\/[\w/-]+\.md\b/g)) {
      if (!files.has(page)) problems.push(`${file}:${index + 1}: there is no ${page}: name the page that has it now`);
    }
  }
  return problems;
}
