import { expect, it } from "vitest";
import type { Turn } from "../../../lib/domain/Turn.ts";
import { isFull } from "../../../lib/domain/transcript.ts";

const turn = (text: string, reply: string): Turn => ({
  ...{ sk: "TURN#1", kind: "turn", messageId: "d", at: 1, origin: "chat", status: "done", enqueueId: "c", sent: 0 },
  ...{ text, reply },
});

it("takes a session for full from four million characters on, both sides counted", () => {
  const half = "x".repeat(1_999_750);
  expect(isFull([turn(half, half)])).toBe(true);
  expect(isFull([turn(half, half.slice(1))])).toBe(false);
  expect(isFull([turn(half.slice(250), ""), turn("", half)])).toBe(true);
});

it("counts a turn as something even without words", () => {
  const { text: _, reply: _reply, ...bare } = turn("", "");
  expect(isFull(Array.from({ length: 8_000 }, () => bare))).toBe(true);
  expect(isFull(Array.from({ length: 7_999 }, () => bare))).toBe(false);
});

it("counts what tools answered", () => {
  const half = "x".repeat(1_999_750);
  expect(isFull([{ ...turn(half, half.slice(1)), toolResults: [{ tool: "shop_find", text: "x" }] }])).toBe(true);
});
