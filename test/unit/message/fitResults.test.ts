import { expect, it } from "vitest";
import { fitResults } from "../../../lib/message/fitResults.ts";

const result = (characters: number, character = "x") => ({ tool: "t", text: character.repeat(characters) });

it("keeps what fits beside the reply, whole, and drops what does not, bytes and not characters counted", () => {
  const [small, half, large] = [result(1_000), result(80_000), result(120_000)];
  expect(fitResults([half, half, small], "hi")).toEqual([half, half, small]);
  expect(fitResults([half, large, small], "hi")).toEqual([half, small]);
  expect(fitResults([result(80_000, "é")], "x".repeat(30_000))).toEqual([]);
});

it("keeps nothing beside the longest reply", () => {
  expect(fitResults([result(1)], "字".repeat(60_000))).toEqual([]);
});
