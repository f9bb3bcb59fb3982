import fc from "fast-check";
import { expect, it } from "vitest";
import { rankByWords } from "../../../../lib/memory/builtin/rankByWords.ts";

const rank = (texts: readonly string[], asked: string) =>
  rankByWords(
    texts.map((text) => ({ text })),
    asked,
  ).map(({ text }) => text);

it.each<[string, readonly string[], string, readonly string[]]>([
  ["English, by the beginning of a word", ["Likes tea", "Lives in Lisbon"], "Where do I live?", ["Lives in Lisbon"]],
  ["German", ["Mag Tee", "Wohnt in Köln"], "Was weißt du über köln?", ["Wohnt in Köln"]],
  ["Japanese, which writes no spaces", ["東京に住んでいる", "お茶が好き"], "東京の天気は？", ["東京に住んでいる"]],
  ["Chinese", ["喜欢喝茶", "住在上海"], "上海有什么好玩的？", ["住在上海"]],
  ["Thai", ["อาศัยอยู่ในกรุงเทพ", "ชอบชา"], "อยากดื่มชา", ["ชอบชา"]],
  ["Arabic", ["يعيش في القاهرة", "يحب الشاي"], "ما الطقس في القاهرة؟", ["يعيش في القاهرة"]],
  ["Russian", ["Живёт в Москве", "Любит чай"], "Какой чай выбрать?", ["Любит чай"]],
  ["full-width letters", ["Works at ACME"], "ＡＣＭＥ", ["Works at ACME"]],
])("finds the text that has a word of the question: %s", (_, texts, asked, expected) => {
  expect(rank(texts, asked)).toEqual(expected);
});

it("puts a rare word before one that many texts have, and keeps the order of equals", () => {
  const texts = ["Likes tea", "Likes cake", "Likes tea and bread"];
  expect(rank(texts, "I'd likes bread")).toEqual(["Likes tea and bread", "Likes tea", "Likes cake"]);
});

it("finds nothing for nothing, and for words that no text has", () => {
  expect(rank(["Likes tea"], "")).toEqual([]);
  expect(rank(["Likes tea"], "coffee?!")).toEqual([]);
  expect(rank([], "tea")).toEqual([]);
});

it("takes any texts, and answers each of them once at the most", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" }), { maxLength: 20 }),
      fc.string({ unit: "grapheme" }),
      (texts, asked) => {
        const rows = texts.map((text) => ({ text }));
        const found = rankByWords(rows, asked);
        expect(new Set(found).size).toBe(found.length);
        expect(found.every((row) => rows.includes(row))).toBe(true);
      },
    ),
  );
});
