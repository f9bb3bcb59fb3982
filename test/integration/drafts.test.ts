import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { type Board, startBoard } from "../harness/board.ts";
import { Killed } from "../harness/CallGate.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows, turnRows } from "../harness/rows.ts";

const APOLOGY = expect.stringContaining("could not answer");

describe("a reply that is shown while it is written", () => {
  let harness: GatewayHarness;
  let board: Board;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    board = startBoard();
  });
  afterEach(() => harness.stop());

  /** From now on the agent does that. */
  const answerBy = (reply: (input: AgentInput) => Promise<string | undefined>) => {
    const agent = defineAdapter("agent", "writer", strictFields({}), () => ({ reply }));
    harness.deploy({ agent: agent(), platforms: { board: board.platform } });
  };
  const say = () => harness.post("board", JSON.stringify({ text: "one" }), {});
  const turns = async () => turnRows(harness, (await sessionRows(harness)).at(-1)?.session ?? "");
  const attemptRows = async () => (await allRows(harness)).filter(({ begun }) => begun !== undefined);

  /** Writes word after word, one each 50 ms. */
  const write = async ({ show }: AgentInput, words: number) => {
    for (let count = 1; count <= words; count++) {
      show?.("word ".repeat(count).trim());
      await sleep(50);
    }
  };

  it("grows in one place at the pace that platforms take, is replaced by the stored reply, and stops the typing", async () => {
    answerBy(async (input) => {
      await write(input, 60);
      return "The answer.";
    });
    await say();
    await harness.settle();

    expect(board.pinned()).toEqual(["The answer."]);
    expect(board.drafts.length).toBeGreaterThanOrEqual(2);
    expect(board.drafts.length).toBeLessThanOrEqual(4);
    const gaps = board.drafts.slice(1).map(({ at }, index) => at - (board.drafts[index]?.at ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(950);
    // A draft is of what a first piece may hold.
    for (const { text } of board.drafts) expect(text.length).toBeLessThanOrEqual(100);
    expect(board.typing).toBeLessThanOrEqual(1);
    expect(await turns()).toMatchObject([{ reply: "The answer.", status: "done", draft: expect.any(String) }]);
  });

  it("is not shown when it is whole within a moment, and costs nothing then", async () => {
    answerBy(async (input) => {
      await write(input, 3);
      return "Yes.";
    });
    await say();
    await harness.settle();
    expect(board.changes).toEqual(["Yes."]);
    expect(await attemptRows()).toEqual([]);
    expect((await turns())[0]).not.toHaveProperty("draft");
  });

  it("is sent after the last draft has settled, so that none comes late and overwrites it", async () => {
    let settled = false;
    board.before.push(async () => {
      await sleep(1_000);
      settled = true;
    });
    answerBy(async (input) => {
      await write(input, 20);
      return "The answer.";
    });
    await say();
    await harness.settle();
    expect(settled).toBe(true);
    expect(board.changes.at(-1)).toBe("The answer.");
    await sleep(1_200);
    expect(board.pinned()).toEqual(["The answer."]);
  });

  it("waits no longer than three seconds for a draft that hangs, and is whole all the same", async () => {
    board.before.push(
      (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    answerBy(async (input) => {
      await write(input, 16);
      return "The answer.";
    });
    const start = performance.now();
    await say();
    await harness.settle();
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(board.changes).toEqual(["The answer."]);
    expect(harness.logged.map(({ event }) => event)).toContain("draft.failed");
  });

  it.each([
    ["a wait", new DeliveryError("throttled", "slow down", { retryAfter: 60_000 })],
    ["a refusal", new DeliveryError("invalid", "no")],
    ["a bug", new TypeError("no")],
  ])("is sent after a draft that failed by %s, and no draft is tried again before its time", async (_, error) => {
    board.before.push(() => Promise.reject(error));
    answerBy(async (input) => {
      await write(input, 40);
      return "The answer.";
    });
    await say();
    await harness.settle();
    expect(board.drafts).toHaveLength(1);
    expect(board.changes).toEqual(["The answer."]);
  });

  it("is not shown where the chat shows none: it asks once, and typing goes on", async () => {
    board.isClosed = true;
    answerBy(async (input) => {
      await write(input, 110);
      return "The answer.";
    });
    await say();
    await harness.settle();
    expect(board.drafts).toHaveLength(1);
    expect(board.typing).toBe(2);
    expect(board.changes).toEqual(["The answer."]);
  });

  it("gives its place to the apology when the agent fails for good", async () => {
    answerBy(async (input) => {
      await write(input, 16);
      throw new TypeError("no");
    });
    await say();
    await harness.settle();
    expect(board.changes).toEqual([expect.stringMatching(/^word/), APOLOGY]);
    expect(board.pinned()).toEqual([APOLOGY]);
    await harness.advance("1h");
    await harness.sweep();
    await harness.settle();
    // What was shown was never said.
    expect(JSON.stringify(harness.delivered())).not.toContain("word");
  });

  it("gives its place to the next attempt when the agent fails for now", async () => {
    let attempts = 0;
    answerBy(async (input) => {
      if (++attempts > 1) return "The answer.";
      await write(input, 16);
      throw new DeliveryError("transient", "no");
    });
    await say();
    await harness.settle();
    expect(board.pinned()).toEqual([expect.stringMatching(/^word/)]);
    harness.advance("5s");
    await harness.settle();
    expect(board.pinned()).toEqual(["The answer."]);
  });

  it.each(["before", "after"] as const)(
    "gives its place to the next attempt when the function dies %s its turn is stored: nothing half is left",
    async (when) => {
      let attempts = 0;
      answerBy(async (input) => {
        await write(input, 16);
        if (++attempts === 1) harness.gate.plan({ call: harness.gate.calls.length, when });
        return `answer ${attempts}`;
      });
      await say();
      await expect(harness.settle()).rejects.toThrow(Killed);
      expect(board.pinned()).toEqual([expect.stringMatching(/^word/)]);
      await harness.recover();
      expect(board.pinned()).toEqual([when === "before" ? "answer 2" : "answer 1"]);
    },
  );

  it("gives its place to an apology when the agent has shown words and then says nothing", async () => {
    answerBy(async (input) => {
      await write(input, 16);
      return undefined;
    });
    await say();
    await harness.settle();
    expect(board.pinned()).toEqual([APOLOGY]);
    expect(harness.logged).toContainEqual({
      event: "turn.failed",
      error: expect.objectContaining({ name: "ShownInVain" }),
    });
  });

  it("is replaced also when its place could not be noted, as long as the function lives", async () => {
    answerBy(async (input) => {
      harness.gate.fail("UpdateItemCommand", 10);
      harness.gate.fail("UpdateCommand", 10);
      await write(input, 16);
      return "The answer.";
    });
    await say();
    await harness.settle();
    expect(board.pinned()).toEqual(["The answer."]);
  });
});
