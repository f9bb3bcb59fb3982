import { beforeEach, describe, expect, it } from "vitest";
import { recallQuery } from "../../../../lib/adapter/testing/sessions.ts";
import { createLearning, DAY, fact, type Learning, START, said, type Think } from "./learning.ts";

describe("facts that a model tells again", () => {
  let provider: Learning["provider"];
  let end: Learning["end"];
  let recall: Learning["recall"];
  let think: Think;
  beforeEach(() => {
    think = () => ({});
    ({ provider, end, recall } = createLearning((seen) => think(seen)));
  });

  it("says the same of a fact that is told again, once", async () => {
    think = () => ({ facts: [fact("Lives in Lisbon", 1)] });
    await end(said(1, "I live in Lisbon"));
    await end(said(2, "As I said, Lisbon"));
    expect(await recall()).toEqual(["Lives in Lisbon"]);
  });

  it.each([
    ["Lives in Lisbon", "lives in Lisbon."],
    ["Works at ACME, as a nurse", "Works at ＡＣＭＥ as a nurse"],
    ["喜欢喝茶。", "喜欢喝茶"],
    ["喜欢茶，不喜欢咖啡", "喜欢茶,不喜欢咖啡"],
    ["ｶﾞｽが好き", "ガスが好き"],
    ["Caf\u00e9 owner", "Cafe\u0301 owner"],
  ])("keeps %j once when it is told again as %j, with the newer words and time", async (first, again) => {
    think = () => ({ facts: [fact(first, 1)] });
    await end(said(1, "one"));
    think = () => ({ facts: [fact(again, 1), fact(`${again}!`, 1)] });
    await end(said(2, "two"));
    const found = await provider.recall?.(recallQuery({ text: "" }), AbortSignal.timeout(1_000));
    expect(found).toEqual([{ text: `${again}!`, at: START + 2 * DAY }]);
  });

  it.each([
    ["Writes C", "Writes C++"],
    ["Runs 1.5 km", "Runs 15 km"],
    ["Wakes at 1:20", "Wakes at 1 20"],
    ["Has a son, Tom", "Has a son, Tim"],
    ["Drinks .5 l of milk a day", "Drinks 5 l of milk a day"],
    ["Earns 10⁵ a year", "Earns 105 a year"],
    ["يشرب .٥ لتر", "يشرب ٥ لتر"],
    ["Lives on 5 + 3", "Lives on 5 - 3"],
    ["Likes 👍🏽", "Likes 👍"],
  ])("keeps %j beside %j, which says something else", async (one, other) => {
    think = () => ({ facts: [fact(one, 1)] });
    await end(said(1, "one"));
    think = () => ({ facts: [fact(other, 1)] });
    await end(said(2, "two"));
    expect((await recall())?.toSorted()).toEqual([one, other].toSorted());
  });

  it("knows a fact that is taken back, and was told otherwise before, when that session comes last; and when it is told anew", async () => {
    think = () => ({ facts: [fact("Lives in Lisbon", 1)] });
    await end(said(1, "one"));
    think = () => ({ taken_back: [{ fact: 1, message: 1 }] });
    await end(said(3, "three"));
    think = () => ({ facts: [fact("lives in Lisbon.", 1)] });
    await end(said(2, "two"));
    expect(await recall()).toEqual([]);
    await end(said(4, "four"));
    expect(await recall()).toEqual(["lives in Lisbon."]);
  });

  it("takes back a fact by its number, however it was written since", async () => {
    think = () => ({ facts: [fact("Lives in Lisbon", 1)] });
    await end(said(1, "one"));
    think = () => ({ facts: [fact("lives in Lisbon!", 1)] });
    await end(said(2, "two"));
    think = () => ({ taken_back: [{ fact: 1, message: 1 }] });
    await end(said(3, "three"));
    expect(await recall()).toEqual([]);
  });
});
