import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endSession } from "../../lib/operator/endSession.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows } from "../harness/rows.ts";

describe("a boundary right behind writes that are still pending", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L15 leaves all messages before /reset in the old session, and those behind it in the new, though nobody has looked at them yet", async () => {
    for (const text of ["one", "two", "three", "/reset", "four", "/new five", "six"]) await harness.say(text);
    await harness.settle();
    await harness.chat("/reset");

    expect(transcripts()).toEqual([["one", "two", "three"], ["four"], ["five", "six"]]);
  });

  it("L15 waits for a turn that is about to be stored, which is in what is delivered", async () => {
    await harness.chat("one");
    await harness.say("two");
    const write = harness.gate.hold("PutItemCommand");
    const turn = harness.step.message();
    await write.reached;
    await harness.say("/reset");
    const [live] = await conversationRows(harness);
    // Neither the next message nor an operator nor the sweep gets before it.
    expect(await harness.step.message()).toBe(false);
    expect(await endSession(harness.services, "default/http/ann//", live?.session ?? "")).toBe("busy");
    await harness.sweep();
    expect(await conversationRows(harness)).toEqual([live]);

    write.release();
    await turn;
    await harness.settle();

    expect(transcripts()).toEqual([["one", "two"]]);
    expect(replies()).toEqual(["You said: one", "You said: two", "Done: a new conversation begins."]);
  });

  it.each(["before", "after"] as const)(
    "L15 comes after the turn whose function was killed %s storing it",
    async (when) => {
      await harness.chat("one");
      const call = await callToStore();
      await harness.say("two");
      harness.gate.plan({ call, when });
      await expect(harness.step.message()).rejects.toSatisfy(harness.isKilled);
      await harness.say("/reset");
      await harness.say("three");
      await harness.settle();
      expect(transcripts()).toEqual([]);

      await harness.recover();
      await harness.chat("/reset");

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
      await harness.say(text, { conversation: "other" });
      await harness.step.message();
    }
    return harness.gate.calls.lastIndexOf("PutItemCommand");
  }

  /** The users' words in each delivered session of Ann's. */
  function transcripts() {
    return harness
      .delivered()
      .filter(({ conversation }) => conversation.includes("ann"))
      .map(({ messages }) =>
        messages.flatMap(({ role, content }: { role: string; content: string }) => (role === "user" ? [content] : [])),
      );
  }

  function replies(): readonly string[] {
    return harness.replies.effects.flatMap(({ body }) => (body.conversation === "ann" ? [body.text] : []));
  }
});
