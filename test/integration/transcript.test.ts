import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { turnItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows, hookRows, sessionRows, turnRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("a transcript", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it.each([1, 2])("T1 T2 is an error when %i of two sealed turns are gone, never a delivery", async (gone) => {
    await harness.chat("one");
    await harness.chat("two");
    await seal();
    const turns = await turnsOfFirst();
    for (const turn of turns.slice(0, gone)) await write(turn.session, turn.sk, undefined);
    await harness.settle();

    expect(harness.provider.requests).toEqual([]);
    const message = expect.stringContaining(`sealed with 2 turns, but has ${2 - gone}`);
    expect(await hookRows(harness)).toMatchObject(
      Array(2).fill({ status: "pending", failures: [{ kind: "TranscriptError", message }] }),
    );

    for (const turn of turns.slice(0, gone)) await write(turn.session, turn.sk, turn.row);
    harness.advance("10s");
    await harness.settle();
    expect(harness.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] },
    ]);
  });

  it("T12 leaves the gateway without credentials and without what the agent recited of its memories, and the hook says so", async () => {
    const key = `ghp_${"a1B2".repeat(9)}`;
    await harness.chat("I like green tea.");
    await seal();
    await harness.settle();
    const [reply] = await harness.chat(`hello, my key is ${key}`);
    await seal();
    await harness.settle();

    // The user gets it all.
    expect(reply).toContain(`${key}\n\nI remember:\n- Likes green tea`);
    const sent = harness
      .delivered()
      .at(-1)
      ?.messages.map(({ content }: { content: string }) => content);
    expect(sent).toEqual([
      "hello, my key is [redacted github-token]",
      expect.stringMatching(/^You said: hello, my key is \[redacted github-token\]\n\nI remember:$/),
    ]);
    expect((await hookRows(harness, "crm")).map(({ receipt }) => receipt?.cleaned)).toEqual([
      undefined,
      { credentials: 2, recited: 2 },
    ]);
  });

  it("D6 is shown and not delivered when a turn got into a sealed session all the same", async () => {
    await harness.chat("one");
    await seal();
    const [turn] = await turnsOfFirst();
    if (!turn) throw new Error("there should be a turn");
    await write(turn.session, `${turn.sk}-foreign`, { ...turn.row, sk: `${turn.sk}-foreign` });
    await harness.settle();

    expect(harness.provider.requests).toEqual([]);
    expect(await hookRows(harness, "crm")).toMatchObject([{ failures: [{ kind: "TranscriptError" }] }]);
  });

  it("D5 D6 W1 gets no more turns once it is sealed: messages after the end go to the successor", async () => {
    await harness.chat("one");
    await seal();
    const before = await turnsOfFirst();
    await harness.say("two");
    await harness.step.message();
    await harness.chat("three", { sentAt: Date.now() - 1 });
    await harness.settle();

    expect(await turnsOfFirst()).toEqual(before);
    expect(harness.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, {}] }]);
    const [, successor] = await sessionRows(harness);
    expect(await turnRows(harness, successor?.session ?? "")).toHaveLength(3);
  });

  it("T8 T12 T13 has nothing of what was recalled, of notices and of commands", async () => {
    await harness.chat("My name is Ann");
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    const replies = await harness.chat("hello");
    expect(replies.join()).toContain("Name: Ann");
    expect(replies.join()).toContain("A new conversation");
    await harness.chat("/memory off");
    await harness.chat("/memory on");
    await harness.chat("/new tell me more");
    await harness.chat("/reset");

    const [, second, third] = harness.delivered();
    expect(second.messages).toMatchObject([{ content: "hello" }, { role: "assistant" }]);
    expect(third.messages).toMatchObject([{ content: "tell me more" }, { role: "assistant" }]);
    expect(await turnRows(harness, second.session)).toMatchObject([
      { memories: [{ text: "Name: Ann" }, {}], notice: expect.stringContaining("A new conversation") },
      { kind: "command", reply: expect.any(String) },
      { kind: "command", reply: expect.any(String) },
    ]);
    expect(second.turns).toBe(1);
    expect(JSON.stringify(harness.delivered())).not.toContain("A new conversation");
  });

  it.each([1, 8])("L13 L21 L22 is delivered with all of its %i turns", async (turns) => {
    for (let turn = 0; turn < turns; turn++) await harness.chat(`turn ${turn}`);
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([{ turns }]);
    const said = harness.delivered()[0].messages.filter(({ role }: { role: string }) => role === "user");
    expect(said.map(({ content }: { content: string }) => content)).toEqual(
      Array.from({ length: turns }, (_, turn) => `turn ${turn}`),
    );
  });

  it("T7 T16 T17 arrives whole and in order with 300 turns and more than a megabyte", async () => {
    const text = (number: number) => `${number} ${"words and more words, ".repeat(200)}end of ${number}`;
    await harness.chat(text(0));
    const [first] = await turnsOfFirst();
    if (!first) throw new Error("there should be a turn");
    // Each 60th is said; those between are put as the message function puts them, which takes too long 300 times.
    for (let number = 1; number < 300; number++) {
      harness.advance("1s");
      if (number % 60 === 0) {
        await harness.chat(text(number));
        continue;
      }
      const sk = `TURN#${new Date().toISOString()}#put-${number}`;
      await write(first.session, sk, {
        ...first.row,
        sk,
        at: Date.now(),
        text: text(number),
        reply: `answer ${number}`,
      });
    }
    await harness.chat("/reset");

    const [whole] = harness.delivered();
    expect(whole.turns).toBe(300);
    expect(whole.messages).toHaveLength(600);
    const said = whole.messages.filter(({ role }: { role: string }) => role === "user");
    expect(said.map(({ content }: { content: string }) => content)).toEqual(
      Array.from({ length: 300 }, (_, number) => text(number)),
    );
    expect(JSON.stringify(whole).length).toBeGreaterThan(1_048_576);
  });

  it("T2 T4 has what was on the queue when the runtime died", async () => {
    await harness.say("one");
    harness.gate.plan({ call: 4, when: "before" });
    await harness.step.message().catch(() => undefined);
    expect(harness.gate.pending).toBe(false);
    await harness.recover();
    await harness.chat("/reset");

    expect(harness.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, { role: "assistant" }] }]);
  });

  /** The session is ended and sealed, and its jobs stand on the queue. */
  async function seal(): Promise<void> {
    harness.advance("1m");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    expect((await conversationRows(harness))[0]?.previous).toMatchObject({ reason: "reset" });
  }

  async function turnsOfFirst() {
    const [first] = await sessionRows(harness);
    const session = first?.session ?? "";
    return (await turnRows(harness, session)).map((turn) => ({ session, sk: turn.sk, row: turn }));
  }

  async function write(session: string, sk: string, row: object | undefined): Promise<void> {
    const { client, name } = harness.operatorTable;
    const Key = turnItem(session, sk);
    if (row) await client.send(new PutCommand({ TableName: name, Item: { ...row, ...Key } }));
    else await client.send(new DeleteCommand({ TableName: name, Key }));
  }
});
