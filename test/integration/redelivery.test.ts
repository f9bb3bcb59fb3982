import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Said } from "../harness/createSay.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, conversationRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe.each([
  ["with its time", Date.parse("2026-03-02T10:00:00Z")],
  ["without its time", null],
])("a message that a platform sends again, %s,", (_title, sentAt) => {
  let harness: GatewayHarness;
  const message = { messageId: "again", sentAt };
  beforeEach(async () => {
    harness = await startGatewayHarness();
    await harness.chat("one", message);
  });
  afterEach(() => harness.stop());

  it("D9 makes no second turn, reply or session within its session, and moves no clock", async () => {
    await nothingComesOf(["1m", "10m", "18m"]);
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 1, endedAt: "2026-03-02T10:30:00.000Z" }]);
  });

  it("D9 is known after its session has ended and its conversation is gone, for up to 8 days", async () => {
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(await conversationRows(harness)).toEqual([]);

    await nothingComesOf(["1m", "1d", "6d", "22h"]);
  });

  it("D9 is known while another session runs, whose clock it does not move", async () => {
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    harness.goTo("2026-03-04T12:00:00Z");
    await harness.chat("two");

    await nothingComesOf(["10m", "19m"]);
    await sweepAt(harness, "2026-03-04T12:30:00Z");
    expect(harness.delivered().at(-1)).toMatchObject({ turns: 1, endedAt: "2026-03-04T12:30:00.000Z" });
  });

  it("is another message when the same text has another message id", async () => {
    expect(await harness.chat("one")).toHaveLength(1);
    const [session] = await sessionRows(harness);
    expect((await allRows(harness)).filter(({ pk }) => pk === `SESSION#${session?.session}`)).toHaveLength(2);
  });

  /** It is sent again after each pause, and the table and both sides stay as they were. */
  async function nothingComesOf(pauses: readonly string[]): Promise<void> {
    const before = await allRows(harness);
    const calls = [harness.replies.requests.length, harness.provider.requests.length];
    for (const pause of pauses) {
      harness.advance(pause);
      expect(await harness.say("one", message)).toMatchObject({ statusCode: 202 });
      await harness.settle();
    }
    expect(await allRows(harness)).toEqual(before);
    expect([harness.replies.requests.length, harness.provider.requests.length]).toEqual(calls);
  }
});

describe("a redelivery, which has the same message id and the same time of writing,", () => {
  let harness: GatewayHarness;
  const ten = Date.parse("2026-03-02T10:00:00Z");
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  /** Says it at once, as a second call within five minutes, before or after the first is worked. */
  async function sayBoth(first: readonly [string, Said], second: readonly [string, Said], settled: boolean) {
    for (const [text, said] of [first, second]) {
      expect(await harness.say(text, said)).toMatchObject({ statusCode: 202 });
      if (settled) await harness.settle();
      harness.advance("1s");
    }
    await harness.settle();
    await harness.chat("/reset");
    return harness
      .delivered()
      .flatMap(({ messages }) =>
        messages
          .filter(({ role }: { role: string }) => role === "user")
          .map(({ content }: { content: string }) => content),
      );
  }

  describe.each([[true], [false]])("where the first one is worked before the second comes (%s)", (settled) => {
    it("D9 is none for one id with two times of writing: two messages, each with its turn and reply", async () => {
      const said = [
        ["one", { messageId: "same", sentAt: ten - 1_000 }],
        ["two", { messageId: "same", sentAt: ten }],
      ] as const;
      expect(await sayBoth(...said, settled)).toEqual(["one", "two"]);
      expect(harness.replies.effects.map(({ body }) => body.text)).toEqual([
        "You said: one",
        "You said: two",
        "Done: a new conversation begins.",
      ]);
    });

    it("D9 is none for one id in two conversations: two messages", async () => {
      const said = [
        ["one", { messageId: "same", sentAt: ten }],
        ["two", { messageId: "same", sentAt: ten, conversation: "bob", user: { id: "bob" } }],
      ] as const;
      await sayBoth(...said, settled);
      expect(harness.replies.effects.map(({ body }) => body.text)).toContain("You said: two");
    });

    it.each([
      ["with its time", ten],
      ["without it", null],
    ])("D9 keeps the first words when others come under one id and time, %s", async (_, sentAt) => {
      const said = [
        ["one", { messageId: "same", sentAt }],
        ["two", { messageId: "same", sentAt }],
      ] as const;
      expect(await sayBoth(...said, settled)).toEqual(["one"]);
    });
  });
});
