import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { claimedFailures } from "../../scripts/claimedFailures.ts";
import { excusedFailures } from "../../scripts/excusedFailures.ts";
import { listedFailures } from "../../scripts/listedFailures.ts";
import { tallyFailures } from "../../scripts/tallyFailures.ts";

const page = readFileSync(new URL("../../docs/proof/failures.md", import.meta.url), "utf8");
const recorded = new URL("../../../shared/failures.md", import.meta.url);
const isThere = existsSync(recorded);

it("lists 87 failures, each once, with what must hold here", () => {
  const ids = listedFailures(page);
  expect(new Set(ids).size).toBe(87);
  expect(ids).toHaveLength(87);
  const rows = page.split("\n").filter((line) => /^\| [LTDWBP]\d/.test(line));
  for (const row of rows) expect(row.split(" | ").every((cell) => cell.trim().length > 1)).toBe(true);
});

it(`lists the rows of the recorded failures${isThere ? "" : " (not compared: the record is not beside the checkout)"}`, () => {
  if (isThere) expect(listedFailures(page)).toEqual(listedFailures(readFileSync(recorded, "utf8")));
});

// A "~" stands for "L", as the sources here must not count as titles of this file.
it.each<[string, string, readonly string[]]>([
  ["a title", 'it("~6 a session", () => {});', ["L6"]],
  ["several ids", "test('~6 ~12 a session');", ["L6", "L12"]],
  ["a template", "it(`~1 ~2 within ${" + "TIME}`);", ["L1", "L2"]],
  ["a title on its own line", 'it(\n    "~2 a boundary",\n  );', ["L2"]],
  ["a title of a table", 'it.each([\n  ["one", 1],\n])("~3 of %s", () => {});', ["L3"]],
  ["a row of a table", 'it.each([\n  ["~13 the text", 1],\n])("%s", () => {});', ["L13"]],
  ["a test of another manner", 'it.fails("~1 now"); test.concurrent("~2 beside");', ["L1", "L2"]],
  ["an id that comes twice", 'it("~1 a"); it("~1 b");', ["L1"]],
  ["an id later in a title", 'it("as in ~6", () => {});', []],
  ["a group of tests", 'describe("~6 all of it", () => {});', []],
  ["any other text", 'await world.say("~6 hello");', []],
  ["an id alone", 'it("~6", () => {});', []],
])("reads the ids from %s", (_, source, ids) => {
  expect(claimedFailures(source.replaceAll("~", "L"))).toEqual(ids);
});

it("reads the rows with a reason, and nothing that only looks like one", () => {
  const lines = [
    "- L6, no such part: nothing is compacted",
    "- L7: no",
    "- L8, no such part: ",
    "| L9 | no such part |",
  ];
  expect(excusedFailures(lines.join("\n"))).toEqual([["L6", "nothing is compacted"]]);
  expect(listedFailures(lines.join("\n"))).toEqual(["L9"]);
});

it("demands a test or a reason for a row, and not both", () => {
  expect(tallyFailures(["L1", "T2"], [["T2", "no"]], [["a.test.ts", ["L1"]]])).toEqual({
    rows: [
      { id: "L1", files: ["a.test.ts"] },
      { id: "T2", files: [], reason: "no" },
    ],
    tested: 1,
    excused: 1,
    problems: [],
  });
  const { problems, tested, excused } = tallyFailures(
    ["L1", "T2", "D3"],
    [
      ["T2", "no"],
      ["B8", "no"],
    ],
    [
      ["a.test.ts", ["T2"]],
      ["b.test.ts", ["W9"]],
    ],
  );
  expect(problems).toEqual([
    "b.test.ts names W9, which docs/proof/failures.md does not list",
    "there is a reason for B8, which is no row of the list",
    "L1 has neither a test that names it nor a reason",
    "T2 has a test; take its reason out",
    "D3 has neither a test that names it nor a reason",
  ]);
  expect([tested, excused]).toEqual([1, 0]);
});
