import { expect, it } from "vitest";
import type { MemoryRow } from "../../../../lib/adapter/MemoryStore.ts";
import { packVector } from "../../../../lib/adapter/packVector.ts";
import { rankByMeaning } from "../../../../lib/memory/builtin/rankByMeaning.ts";

const vectorOf = (direction: readonly number[], space = "one") => ({ space, packed: packVector(direction) });

const row = (text: string, direction?: readonly number[], space?: string): MemoryRow => ({
  ...{ id: text, kind: "fact", text, at: 1 },
  ...(direction ? { vector: vectorOf(direction, space) } : {}),
});

const textsOf = (rows: readonly MemoryRow[]) => rows.map(({ text }) => text);

it("puts what points in the question's direction first, and what points away last", () => {
  const rows = [row("away", [-1, 0]), row("across", [0, 1]), row("along", [1, 0.1])];
  expect(textsOf(rankByMeaning(rows, [], vectorOf([1, 0])))).toEqual(["along", "across", "away"]);
});

it("lets words decide between what means much the same, and not between what does not", () => {
  const [ann, ana, tea] = [row("Ann", [1, 0.3]), row("Ana", [1, 0.32]), row("tea", [0, 1])];
  expect(textsOf(rankByMeaning([ann, ana, tea], [], vectorOf([1, 0])))).toEqual(["Ann", "Ana", "tea"]);
  expect(textsOf(rankByMeaning([ann, ana, tea], [ana], vectorOf([1, 0])))).toEqual(["Ana", "Ann", "tea"]);
  expect(textsOf(rankByMeaning([ann, ana, tea], [tea], vectorOf([1, 0])))).toEqual(["Ann", "Ana", "tea"]);
});

it.each([
  ["no vector", row("old")],
  ["a vector of another model", row("old", [1, 0], "another")],
  ["a vector of another length", row("old", [1, 0, 0])],
])("takes a text with words of the question and %s for as near as the nearest, and leaves it out without", (_, old) => {
  const rows = [row("near", [1, 0.2]), old, row("far", [0, 1])];
  expect(textsOf(rankByMeaning(rows, [old], vectorOf([1, 0])))).toEqual(["old", "near", "far"]);
  expect(textsOf(rankByMeaning(rows, [], vectorOf([1, 0])))).toEqual(["near", "far"]);
});

it("keeps the order of texts that are as near as each other", () => {
  const rows = ["one", "two", "three"].map((text) => row(text, [1, 0]));
  expect(textsOf(rankByMeaning(rows, [], vectorOf([1, 0])))).toEqual(["one", "two", "three"]);
});
