/** The package that a bundled file is of; `own` for the repository's. */
export function packageOf(file: string): string {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? "own";
}
