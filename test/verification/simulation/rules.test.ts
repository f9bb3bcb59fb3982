import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

const sources = globSync("verification/simulation/**/*.ts", { cwd: ROOT }).map((path) =>
  readFileSync(join(ROOT, path), "utf8"),
);

const page = readFileSync(join(ROOT, "docs/design/guarantees.md"), "utf8");

/** The rules' names that the simulation blames what it finds on. */
const checked = new Set(
  sources.flatMap((source) => [...source.matchAll(/\bviolate\(\s*"([^"]+)"/g)].map(([, rule]) => rule)),
);

/** The first cell of each row of the page's table of rules. */
const section = page.slice(page.indexOf("## The rules of the simulation"));

const told = [...section.matchAll(/^\| (?!rule |-)([^|]+?) \|.*\| (\d) \| /gm)];

it("tells each rule that the simulation checks in docs/design/guarantees.md, once, and no other", () => {
  expect(checked.size).toBeGreaterThan(30);
  expect(told.map(([, rule]) => rule).toSorted()).toEqual([...checked].toSorted());
});

it("names every rule where it is checked", () => {
  const calls = sources.flatMap((source) => [...source.matchAll(/\.violate\(\s*(.)/g)].map(([, first]) => first));
  expect(calls.filter((first) => first !== '"')).toEqual([]);
});

it("gives every rule a promise, and every promise a rule", () => {
  const promises = [...page.matchAll(/^## (\d)\. /gm)].map(([, number]) => number);
  expect([...new Set(told.map(([, , promise]) => promise))].toSorted()).toEqual(promises);
});
