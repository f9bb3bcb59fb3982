import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import type { Message } from "../../lib/domain/Message.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, sessionRows, turnRows } from "../harness/rows.ts";
import { failedReplies, talk, telegram } from "./replySteps.ts";

describe("a reply", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("is told neither to memory nor to the agent as said when nobody received it; what arrived of it is", async () => {
    const asked: AgentInput[] = [];
    talk(
      harness,
      Array.from({ length: 3 }, (_, part) => `part ${part + 1} ${"word ".repeat(700)}`).join("\n\n"),
      asked,
    );
    harness.bot.refuse(4711, 403, "Forbidden: the bot may not write here just now");
    await telegram(harness, "one", 1);
    await harness.settle();
    harness.bot.unblock(4711);
    harness.bot.passNext(1);
    harness.bot.failNext(1, 403);
    await telegram(harness, "two", 2);
    await harness.settle();
    harness.bot.unblock(4711);
    await telegram(harness, "three", 3);
    await harness.settle();
    expect(asked.at(-1)?.history.map(({ role, content }) => `${role} ${content.slice(0, 6)}`)).toEqual([
      ...["user one", "assistant (no re", "user two", "assistant part 1"],
    ]);

    harness.advance("1h");
    await harness.sweep();
    await harness.settle();
    const [{ messages }] = harness.delivered();
    const pieces = messages.map(({ role, content }: Message) => [role, content.match(/part \d/g)?.join() ?? content]);
    expect(pieces).toEqual([
      ["user", "one"],
      ["user", "two"],
      ["assistant", "part 1"],
      ["user", "three"],
      ["assistant", "part 1,part 2,part 3"],
    ]);
  });

  it("leaves its session to be skipped when its words are the only ones and did not arrive, as nothing was said", async () => {
    harness.replies.failNext(1, 410);
    await harness.chat("What is new?", { origin: "scheduled" });
    await harness.chat("/reset");
    expect(harness.delivered()).toEqual([]);
    expect((await hookRows(harness, "crm")).map(({ skipped }) => skipped)).toEqual([]);
  });

  it("changes no transcript that is sealed, whatever becomes of it", async () => {
    harness.replies.setMode(503);
    harness.deploy({ sessions: { default: { idle: "2m" } } });
    await harness.chat("hello");
    harness.advance("3m");
    await harness.sweep();
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ messages: [{ content: "hello" }, { content: "You said: hello" }] }]);
    for (let tries = 0; tries < 10; tries++) {
      harness.advance("3m");
      await harness.settle();
    }
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    expect(turn).toMatchObject({
      reply: "You said: hello",
      undelivered: { kind: "transient", pieces: [{ index: 0 }] },
    });
    expect(await failedReplies(harness)).toHaveLength(1);
  });

  it("fits an item at its longest with the longest message, also when it did not arrive", async () => {
    talk(harness, "語".repeat(60_000));
    harness.bot.passNext(7);
    harness.bot.failNext(1, 403);
    const text = "語".repeat(66_000);
    expect(await harness.say(text)).toMatchObject({ statusCode: 202 });
    harness.replies.failNext(1, 410);
    await harness.settle();
    const [session] = await sessionRows(harness);
    const [turn] = await turnRows(harness, session?.session ?? "");
    expect(turn?.undelivered?.pieces).toHaveLength(1);
    expect(turn?.text).toHaveLength(66_000);
  });
});
