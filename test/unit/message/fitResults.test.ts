import { expect, it } from "vitest";
import { fitResults } from "../../../lib/message/fitResults.ts";

const result = (characters: number, character = "x") => ({ tool: "t", text: character.repeat(characters) });

it("keeps what fits beside the words, whole, and drops what does not, bytes and not characters counted", () => {
  const [small, half, large] = [result(1_000), result(150_000), result(300_000)];
  expect(fitResults([half, half, small], "hello", "hi")).toEqual([half, half, small]);
  expect(fitResults([half, large, small], "hello", "hi")).toEqual([half, small]);
  expect(fitResults([result(150_000, "é")], "x".repeat(100_000), "hi")).toEqual([]);
});

it("keeps nothing beside the longest message with the longest reply", () => {
  expect(fitResults([result(50_000)], "x".repeat(200_000), "字".repeat(60_000))).toEqual([]);
});
