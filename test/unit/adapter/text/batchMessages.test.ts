import { expect, it } from "vitest";
import { batchMessages } from "../../../../lib/adapter/text/batchMessages.ts";

const said = (content: string) => ({ role: "user", content, at: 1 }) as const;

it("puts no more messages into a batch, and characters into a message, than the limits say, and loses none", () => {
  const batches = batchMessages([said("one"), said("👩‍👩‍👧👩‍👩‍👧"), said("three")], { messages: 2, characters: 8 });
  expect(batches.map((batch) => batch.map(({ content }) => content))).toEqual([
    ["one", "👩‍👩‍👧"],
    ["👩‍👩‍👧", "three"],
  ]);
  expect(batches[1]?.[0]).toMatchObject({ continued: true });
});

it("makes no batch of no messages", () => {
  expect(batchMessages([], { messages: 2, characters: 8 })).toEqual([]);
});
