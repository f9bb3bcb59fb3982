import { glob, readFile } from "node:fs/promises";
import { claimedFailures } from "./claimedFailures.ts";
import { listedFailures } from "./listedFailures.ts";

/**
 * `npm run failures`: each row of docs/failures.md with the tests whose titles name it, then the rows without one.
 * `--check` fails when a title names a row that does not exist, and when fewer rows than `LEAST` have a test.
 */

/** Rows that must have a test: what was reached once is not to be lost again. Raise it as tests are added. */
const LEAST = 80;

const root = new URL("../", import.meta.url);
const listed = listedFailures(await readFile(new URL("docs/failures.md", root), "utf8"));
const tests = new Map<string, string[]>(listed.map((id) => [id, []]));
const unknown: string[] = [];

const paths: string[] = [];
for await (const path of glob("test/**/*.test.ts", { cwd: root })) paths.push(path.replaceAll("\\", "/"));
for (const path of paths.sort()) {
  for (const id of claimedFailures(await readFile(new URL(path, root), "utf8"))) {
    const files = tests.get(id);
    if (files) files.push(path);
    else unknown.push(`${path} names ${id}, which docs/failures.md does not list`);
  }
}

const missing = listed.filter((id) => tests.get(id)?.length === 0);
const proven = listed.length - missing.length;
const wrong = [...unknown, ...(proven < LEAST ? [`${proven} rows have a test; at least ${LEAST} must`] : [])];

if (process.argv.includes("--check")) {
  wrong.forEach((problem) => {
    console.error(problem);
  });
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else {
  for (const id of listed) console.log(`${id.padEnd(4)}${tests.get(id)?.join(", ") || "-"}`);
  unknown.forEach((problem) => {
    console.log(problem);
  });
  console.log(`\nwithout a test: ${missing.join(" ") || "none"}`);
}
console.log(`${proven} of ${listed.length} failures have a test that names them`);
