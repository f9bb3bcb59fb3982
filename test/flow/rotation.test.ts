import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hookRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("one conversation has session after session", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ memory: { crm: webhookTo(world.provider) } });
  });
  afterEach(() => world.stop());

  it("T9 each is delivered under a key of its own, also long after the first, and what is sealed never changes", async () => {
    const first = { delivery: "first", sentAt: Date.now() };
    await world.chat("first", first);
    await world.chat("/reset");
    // Days of silence, then the conversation goes on.
    world.advance("6d");
    await world.chat("second");
    await sweepAt(world, "2026-03-08T10:30:00Z");
    // The first message comes again, and one that was written before the first session's end comes late.
    await world.chat("first", first);
    await world.chat("late", { sentAt: Date.parse("2026-03-02T10:00:00Z") });
    world.advance("20d");
    await world.chat("/new third");
    await world.chat("/reset");

    const sessions = world.delivered();
    expect(sessions.map(({ messages, turns }) => [turns, messages[0].content])).toEqual([
      [1, "first"],
      [1, "second"],
      [1, "late"],
      [1, "third"],
    ]);
    expect(new Set(sessions.map(({ conversation }) => conversation)).size).toBe(1);
    expect(new Set(world.provider.received.map(({ id }) => id)).size).toBe(4);
    expect(world.provider.received).toHaveLength(4);
  });

  it("T9 a repetition after its successors has the same key and the same content", async () => {
    world.provider.failNext(1, "lost-ack");
    await world.chat("first");
    // Ids of the same millisecond have no order.
    world.advance("1s");
    await world.chat("/reset");
    world.advance("1s");
    await world.chat("second");
    world.advance("1s");
    await world.chat("/reset");
    expect(world.delivered().map(({ messages }) => messages[0].content)).toEqual(["first", "second"]);

    await world.recover();

    expect(world.provider.received.map(({ repeated }) => repeated)).toEqual([false, false, true]);
    expect(world.provider.conflicts).toEqual([]);
    expect((await hookRows(world)).map(({ status, attempts }) => [status, attempts])).toEqual([
      ["delivered", 2],
      ["delivered", 1],
    ]);
  });

  it("W2 however the switches follow one another, each message is in its own session at the provider, none missing", async () => {
    const chats = ["ann", "bob"];
    const said = new Map<string, string[][]>(chats.map((chat) => [chat, []]));
    const say = async (text: string, chat: string) => {
      world.advance("1s");
      await world.say(text, { conversation: chat, user: { id: chat } });
    };
    // The provider hears of no switch when it happens, and of all of them afterwards in any order.
    world.provider.setMode(503);
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
      await world.settle();
      world.advance("1m");
    }
    expect(world.delivered()).toEqual([]);
    world.provider.setMode("ok");
    for (let round = 0; round < 12; round++) {
      world.advance("5m");
      // Its breaker is open by now: what waits behind it is enqueued by the sweep.
      await world.sweep();
      await world.settle();
    }

    for (const chat of chats) {
      const sessions = (await sessionRows(world, chat)).filter(({ turns = 0 }) => turns > 0);
      expect(sessions.map(({ session }) => wordsOf(session))).toEqual(said.get(chat));
    }
    expect(world.delivered()).toHaveLength(8);
    // What its user was told of a message's session is what the provider has.
    for (const { body } of world.replies.effects) {
      const text = String(body.text).replace("You said: ", "");
      if (text.split(" ").length === 3) expect(wordsOf(body.session)).toContain(text);
    }
  });

  /** The users' words that the provider has under a session's id. */
  function wordsOf(session: string): readonly string[] {
    const [found, ...others] = world.delivered().filter((one) => one.session === session);
    expect(others).toEqual([]);
    return (found?.messages ?? []).flatMap(({ role, content }: { role: string; content: string }) =>
      role === "user" ? [content] : [],
    );
  }
});
