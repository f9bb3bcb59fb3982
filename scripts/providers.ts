import { glob, readFile, writeFile } from "node:fs/promises";
import { provenProviders } from "./provenProviders.ts";
import { fillPromise, fillTable } from "./providerTables.ts";

/**
 * `npm run providers`: writes into README.md and docs/start/memory.md what the conformance suite proves of each memory
 * provider, as its contract test tells the suite. `--check` writes nothing, and fails where that is not what stands there.
 */

const root = new URL("../", import.meta.url);
const paths: string[] = [];
for await (const path of glob("test/contract/*.test.ts", { cwd: root })) paths.push(path.replaceAll("\\", "/"));
const sources = await Promise.all(paths.toSorted().map((path) => readFile(new URL(path, root), "utf8")));
const proven = sources.flatMap(provenProviders);

const pages = [
  ["README.md", fillPromise],
  ["docs/start/memory.md", fillTable],
] as const;
const problems = await Promise.all(
  pages.map(async ([path, fill]) => {
    const page = await readFile(new URL(path, root), "utf8");
    const filled = fill(page, proven);
    if (filled.page === page) return filled.problems;
    if (process.argv.includes("--check")) return [...filled.problems, `${path} is not current: npm run providers`];
    await writeFile(new URL(path, root), filled.page);
    return filled.problems;
  }),
);
for (const problem of problems.flat()) console.error(problem);
console.log(`${new Set(proven.map(({ kind }) => kind)).size} memory providers as the suite has proven them`);
process.exitCode = problems.flat().length > 0 ? 1 : 0;
