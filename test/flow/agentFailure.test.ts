import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentInput } from "../../lib/agents/Agent.ts";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { allRows, sessionRows, turnRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("the agent fails", () => {
  let world: World;
  let asked: AgentInput[];
  /** How many of the next calls fail. */
  let failing: number;
  beforeEach(async () => {
    world = await startWorld();
    asked = [];
    failing = 0;
    const agent = defineAdapter("agent", "moody", v.strictObject({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        if (failing-- > 0) throw new Error("the model is not well");
        return `answer to ${input.text}`;
      },
    }));
    world.deploy({ agent: agent() });
  });
  afterEach(() => world.stop());

  it("then works: the message is tried again soon, and answered once", async () => {
    failing = 2;
    expect(await world.chat("one")).toEqual([]);
    expect(await seconds(10)).toEqual(["answer to one"]);
    expect(asked).toHaveLength(3);
  });

  it("P8 P9 T4 T10 on every attempt: the user is told, their words are kept, and the chat goes on", async () => {
    failing = 3;
    await world.chat("one");
    const told = await seconds(10);
    expect(told).toEqual([expect.stringContaining("could not answer")]);
    expect(asked).toHaveLength(3);
    const [session] = await sessionRows(world);
    expect(await turnRows(world, session?.session ?? "")).toMatchObject([{ text: "one", status: "failed" }]);

    expect(await world.chat("two")).toEqual(["answer to two"]);
    expect(asked.at(-1)?.history).toMatchObject([{ role: "user", content: "one" }]);
    await world.chat("/reset");

    expect(world.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, { content: "two" }, { content: "answer to two" }] },
    ]);
    expect(world.delivered()[0].messages).toHaveLength(3);
  });

  it("L22 a session of which nothing comes into the transcript is skipped, not dead for ever", async () => {
    await world.chat("/memory on");
    failing = 3;
    await world.chat("the morning's question", { origin: "scheduled" });
    await seconds(10);
    world.advance("1h");
    await world.sweep();
    await world.settle();

    expect(await sessionRows(world)).toMatchObject([{ status: "ended", origin: "chat", turns: 1 }]);
    const hooks = (await allRows(world)).filter(({ sk }) => String(sk).startsWith("HOOK#"));
    expect(hooks).toMatchObject(Array(2).fill({ status: "skipped", skipped: "no-turns" }));
  });

  it("P9 the messages behind it wait in order, and each gets its answer", async () => {
    failing = 1;
    for (const text of ["one", "two", "/reset", "three"]) {
      await world.say(text);
      world.advance("100ms");
    }
    await world.settle();
    expect(world.replies.effects).toEqual([]);

    const replies = await seconds(10);

    expect(replies).toEqual(["answer to one", "answer to two", "Done: a new conversation begins.", "answer to three"]);
    expect(world.delivered()).toMatchObject([{ turns: 2 }]);
  });

  it("P11 after /reset the agent knows with the first message that there was a session before, and no longer with the second", async () => {
    await world.chat("one");
    const [old] = await sessionRows(world);
    await world.chat("/reset");
    await world.chat("two");
    await world.chat("three");

    expect(asked.map(({ previous }) => previous)).toEqual([
      undefined,
      { session: old?.session, reason: "reset" },
      undefined,
    ]);
    expect(asked[1]?.history).toEqual([]);
  });

  it("an agent without an answer sends none; the user's words are delivered", async () => {
    const silent = defineAdapter("agent", "silent", v.strictObject({}), () => ({ reply: async () => undefined }));
    world.deploy({ agent: silent() });
    expect(await world.chat("one")).toEqual([]);
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([{ turns: 1, messages: [{ role: "user", content: "one" }] }]);
  });

  /** Lets so many seconds pass; answers the replies that came in them. */
  async function seconds(count: number): Promise<readonly string[]> {
    const before = world.replies.effects.length;
    for (let passed = 0; passed < count; passed++) {
      world.advance("1s");
      await world.settle();
    }
    return world.replies.effects.slice(before).map(({ body }) => String(body.text));
  }
});
