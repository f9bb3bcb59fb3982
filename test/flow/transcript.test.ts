import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { turnItem } from "../../lib/runtime/keys.ts";
import { conversationRows, hookRows, sessionRows, turnRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a transcript arrives whole, and only what was said", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it.each([1, 2])("T1 T2 when %i of two sealed turns are gone it is an error, never a delivery", async (gone) => {
    await world.chat("one");
    await world.chat("two");
    await seal();
    const turns = await turnsOfFirst();
    for (const turn of turns.slice(0, gone)) await write(turn.session, turn.sk, undefined);
    await world.settle();

    expect(world.provider.requests).toEqual([]);
    const message = expect.stringContaining(`sealed with 2 turns, but has ${2 - gone}`);
    expect(await hookRows(world)).toMatchObject(
      Array(2).fill({ status: "pending", failures: [{ kind: "TranscriptError", message }] }),
    );

    for (const turn of turns.slice(0, gone)) await write(turn.session, turn.sk, turn.row);
    world.advance("10s");
    await world.settle();
    expect(world.delivered()).toMatchObject([{ turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] }]);
  });

  it("D6 a turn that got into a sealed session all the same is shown, not delivered", async () => {
    await world.chat("one");
    await seal();
    const [turn] = await turnsOfFirst();
    if (!turn) throw new Error("there should be a turn");
    await write(turn.session, `${turn.sk}-foreign`, { ...turn.row, sk: `${turn.sk}-foreign` });
    await world.settle();

    expect(world.provider.requests).toEqual([]);
    expect(await hookRows(world, "crm")).toMatchObject([{ failures: [{ kind: "TranscriptError" }] }]);
  });

  it("D5 D6 W1 messages after the end go to the successor: a sealed session gets no more turns", async () => {
    await world.chat("one");
    await seal();
    const before = await turnsOfFirst();
    await world.say("two");
    await world.step.message();
    await world.chat("three", { sentAt: Date.now() - 1 });
    await world.settle();

    expect(await turnsOfFirst()).toEqual(before);
    expect(world.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, {}] }]);
    const [, successor] = await sessionRows(world);
    expect(await turnRows(world, successor?.session ?? "")).toHaveLength(3);
  });

  it("T8 T12 T13 what was recalled, notices and commands are not part of it", async () => {
    await world.chat("My name is Ann");
    await sweepAt(world, "2026-03-02T10:30:00Z");
    const replies = await world.chat("hello");
    expect(replies.join()).toContain("Name: Ann");
    expect(replies.join()).toContain("A new conversation");
    await world.chat("/memory off");
    await world.chat("/memory on");
    await world.chat("/new tell me more");
    await world.chat("/reset");

    const [, second, third] = world.delivered();
    expect(second.messages).toMatchObject([{ content: "hello" }, { role: "assistant" }]);
    expect(third.messages).toMatchObject([{ content: "tell me more" }, { role: "assistant" }]);
    expect(await turnRows(world, second.session)).toMatchObject([
      { memories: [{ text: "Name: Ann" }, {}], notice: expect.stringContaining("A new conversation") },
      { kind: "command", reply: expect.any(String) },
      { kind: "command", reply: expect.any(String) },
    ]);
    expect(second.turns).toBe(1);
    expect(JSON.stringify(world.delivered())).not.toContain("A new conversation");
  });

  it.each([1, 8])("L13 L21 L22 a session of %i turns is delivered like any other, all of it", async (turns) => {
    for (let turn = 0; turn < turns; turn++) await world.chat(`turn ${turn}`);
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([{ turns }]);
    const said = world.delivered()[0].messages.filter(({ role }: { role: string }) => role === "user");
    expect(said.map(({ content }: { content: string }) => content)).toEqual(
      Array.from({ length: turns }, (_, turn) => `turn ${turn}`),
    );
  });

  it("T7 T16 T17 a session of 300 turns and more than a megabyte arrives whole and in order", async () => {
    const text = (number: number) => `${number} ${"words and more words, ".repeat(200)}end of ${number}`;
    await world.chat(text(0));
    const [first] = await turnsOfFirst();
    if (!first) throw new Error("there should be a turn");
    // Each 60th is said; those between are put as the message function puts them, which takes too long 300 times.
    for (let number = 1; number < 300; number++) {
      world.advance("1s");
      if (number % 60 === 0) {
        await world.chat(text(number));
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
    await world.chat("/reset");

    const [whole] = world.delivered();
    expect(whole.turns).toBe(300);
    expect(whole.messages).toHaveLength(600);
    const said = whole.messages.filter(({ role }: { role: string }) => role === "user");
    expect(said.map(({ content }: { content: string }) => content)).toEqual(
      Array.from({ length: 300 }, (_, number) => text(number)),
    );
    expect(JSON.stringify(whole).length).toBeGreaterThan(1_048_576);
  });

  it("T2 T4 what is on the queue when the runtime dies is not lost", async () => {
    await world.say("one");
    world.outside.plan({ call: 4, when: "before" });
    await world.step.message().catch(() => undefined);
    expect(world.outside.pending).toBe(false);
    await world.recover();
    await world.chat("/reset");

    expect(world.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, { role: "assistant" }] }]);
  });

  /** The session is ended and sealed, and its jobs stand on the queue. */
  async function seal(): Promise<void> {
    world.advance("1m");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    expect((await conversationRows(world))[0]?.previous).toMatchObject({ reason: "reset" });
  }

  async function turnsOfFirst() {
    const [first] = await sessionRows(world);
    const session = first?.session ?? "";
    return (await turnRows(world, session)).map((turn) => ({ session, sk: turn.sk, row: turn }));
  }

  async function write(session: string, sk: string, row: object | undefined): Promise<void> {
    const { client, name } = world.operatorTable;
    const Key = turnItem(session, sk);
    if (row) await client.send(new PutCommand({ TableName: name, Item: { ...row, ...Key } }));
    else await client.send(new DeleteCommand({ TableName: name, Key }));
  }
});
