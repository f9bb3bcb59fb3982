import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endSession } from "../../lib/session/endSession.ts";
import { conversationRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a boundary comes right behind writes that are still pending", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L15 nobody has looked at the messages before /reset yet: all are in the old session, the ones behind it in the new", async () => {
    for (const text of ["one", "two", "three", "/reset", "four", "/new five", "six"]) await world.say(text);
    await world.settle();
    await world.chat("/reset");

    expect(transcripts()).toEqual([["one", "two", "three"], ["four"], ["five", "six"]]);
  });

  it("L15 the turn is about to be stored: the boundary waits, and the turn is in what is delivered", async () => {
    await world.chat("one");
    await world.say("two");
    const write = world.outside.hold("PutItemCommand");
    const turn = world.step.message();
    await write.reached;
    await world.say("/reset");
    const [live] = await conversationRows(world);
    // Neither the next message nor an operator nor the sweep gets before it.
    expect(await world.step.message()).toBe(false);
    expect(await endSession(world.services, "default/http/ann//", live?.session ?? "")).toBe("busy");
    await world.sweep();
    expect(await conversationRows(world)).toEqual([live]);

    write.release();
    await turn;
    await world.settle();

    expect(transcripts()).toEqual([["one", "two"]]);
    expect(replies()).toEqual(["You said: one", "You said: two", "Done: a new conversation begins."]);
  });

  it.each(["before", "after"] as const)(
    "L15 the function that was storing the turn is killed %s it, with /reset behind: the turn is stored first",
    async (when) => {
      await world.chat("one");
      const call = await callToStore();
      await world.say("two");
      world.outside.plan({ call, when });
      await expect(world.step.message()).rejects.toSatisfy(world.isKilled);
      await world.say("/reset");
      await world.say("three");
      await world.settle();
      expect(transcripts()).toEqual([]);

      await world.recover();
      await world.chat("/reset");

      expect(transcripts()).toEqual([["one", "two"], ["three"]]);
      expect(replies().filter((text) => text.startsWith("You said"))).toEqual([
        "You said: one",
        "You said: two",
        "You said: three",
      ]);
    },
  );

  /** Which of the calls stores the turn of a further message. */
  async function callToStore(): Promise<number> {
    for (const text of ["a message", "a further message"]) {
      await world.say(text, { conversation: "other" });
      await world.step.message();
    }
    return world.outside.calls.lastIndexOf("PutItemCommand");
  }

  /** The users' words in each delivered session of Ann's. */
  function transcripts() {
    return world
      .delivered()
      .filter(({ conversation }) => conversation.includes("ann"))
      .map(({ messages }) =>
        messages.flatMap(({ role, content }: { role: string; content: string }) => (role === "user" ? [content] : [])),
      );
  }

  function replies(): readonly string[] {
    return world.replies.effects.flatMap(({ body }) => (body.conversation === "ann" ? [body.text] : []));
  }
});
