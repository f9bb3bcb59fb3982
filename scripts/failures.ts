import { glob, readFile } from "node:fs/promises";
import { claimedFailures } from "./claimedFailures.ts";
import { excusedFailures } from "./excusedFailures.ts";
import { listedFailures } from "./listedFailures.ts";
import { tallyFailures } from "./tallyFailures.ts";

/**
 * `npm run failures`: each row of docs/proof/failures.md with the tests whose titles name it, or the reason why none can.
 * `--check` shows only what is wrong, and fails then: every row must have one of them.
 */

const root = new URL("../", import.meta.url);
const page = await readFile(new URL("docs/proof/failures.md", root), "utf8");

const paths: string[] = [];
for await (const path of glob("test/**/*.test.ts", { cwd: root })) paths.push(path.replaceAll("\\", "/"));
const claimed = await Promise.all(
  paths.toSorted().map(async (path) => [path, claimedFailures(await readFile(new URL(path, root), "utf8"))] as const),
);

const { rows, tested, excused, problems } = tallyFailures(listedFailures(page), excusedFailures(page), claimed);
if (process.argv.includes("--check")) {
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  for (const { id, files, reason } of rows) {
    console.log(`${id.padEnd(4)}${files.join(", ") || (reason === undefined ? "-" : `no such part: ${reason}`)}`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`${rows.length} failures: ${tested} with a test, ${excused} with a reason`);
