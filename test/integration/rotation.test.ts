import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";

describe("a conversation with session after session", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
  });
  afterEach(() => harness.stop());

  it("T9 delivers each under a key of its own, also long after the first, and what is sealed never changes", async () => {
    const first = { messageId: "first", sentAt: Date.now() };
    await harness.chat("first", first);
    await harness.chat("/reset");
    // Days of silence, then the conversation goes on.
    harness.advance("6d");
    await harness.chat("second");
    await sweepAt(harness, "2026-03-08T10:30:00Z");
    // The first message comes again, and one that was written before the first session's end comes late.
    await harness.chat("first", first);
    await harness.chat("late", { sentAt: Date.parse("2026-03-02T10:00:00Z") });
    harness.advance("20d");
    await harness.chat("/new third");
    await harness.chat("/reset");

    const sessions = harness.delivered();
    expect(sessions.map(({ messages, turns }) => [turns, messages[0].content])).toEqual([
      [1, "first"],
      [1, "second"],
      [1, "late"],
      [1, "third"],
    ]);
    expect(new Set(sessions.map(({ conversation }) => conversation)).size).toBe(1);
    expect(new Set(harness.provider.received.map(({ id }) => id)).size).toBe(4);
    expect(harness.provider.received).toHaveLength(4);
  });

  it("T9 repeats a delivery after its successors with the same key and the same content", async () => {
    harness.provider.failNext(1, "lost-ack");
    await harness.chat("first");
    // Ids of the same millisecond have no order.
    harness.advance("1s");
    await harness.chat("/reset");
    harness.advance("1s");
    await harness.chat("second");
    harness.advance("1s");
    await harness.chat("/reset");
    expect(harness.delivered().map(({ messages }) => messages[0].content)).toEqual(["first", "second"]);

    await harness.recover();

    expect(harness.provider.received.map(({ repeated }) => repeated)).toEqual([false, false, true]);
    expect(harness.provider.conflicts).toEqual([]);
    expect((await hookRows(harness)).map(({ status, attempts }) => [status, attempts])).toEqual([
      ["delivered", 2],
      ["delivered", 1],
    ]);
  });

  it("W2 has each message in its own session at the provider, however the switches follow one another, none missing", async () => {
    const chats = ["ann", "bob"];
    const said = new Map<string, string[][]>(chats.map((chat) => [chat, []]));
    const say = async (text: string, chat: string) => {
      harness.advance("1s");
      await harness.say(text, { conversation: chat, user: { id: chat } });
    };
    // The provider hears of no switch when it happens, and of all of them afterwards in any order.
    harness.provider.setMode(503);
    for (let session = 0; session < 4; session++) {
      for (const chat of chats) {
        const texts = Array.from(
          { length: 1 + ((session + chats.indexOf(chat)) % 4) },
          (_, n) => `${chat} ${session} ${n}`,
        );
        said.get(chat)?.push(texts);
        for (const text of texts) await say(text, chat);
        await say(session % 2 === 0 ? "/reset" : "/new", chat);
      }
      await harness.settle();
      harness.advance("1m");
    }
    expect(harness.delivered()).toEqual([]);
    harness.provider.setMode("ok");
    for (let round = 0; round < 12; round++) {
      harness.advance("5m");
      // Its breaker is open by now: what waits behind it is enqueued by the sweep.
      await harness.sweep();
      await harness.settle();
    }

    for (const chat of chats) {
      const sessions = (await sessionRows(harness, chat)).filter(({ turns = 0 }) => turns > 0);
      expect(sessions.map(({ session }) => wordsOf(session))).toEqual(said.get(chat));
    }
    expect(harness.delivered()).toHaveLength(8);
    // What its user was told of a message's session is what the provider has.
    for (const { body } of harness.replies.effects) {
      const text = String(body.text).replace("You said: ", "");
      if (text.split(" ").length === 3) expect(wordsOf(body.session)).toContain(text);
    }
  });

  /** The users' words that the provider has under a session's id. */
  function wordsOf(session: string): readonly string[] {
    const [found, ...others] = harness.delivered().filter((one) => one.session === session);
    expect(others).toEqual([]);
    return (found?.messages ?? []).flatMap(({ role, content }: { role: string; content: string }) =>
      role === "user" ? [content] : [],
    );
  }
});
