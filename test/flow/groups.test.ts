import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allRows, sessionRows } from "../world/rows.ts";
import { type Said, startWorld, type World } from "../world/World.ts";

const ann = { id: "ann", name: "Ann" };
const bob = { id: "bob", name: "Bob" };
const team = (user: NonNullable<Said["user"]>): Said => ({ conversation: "team", chatType: "group", user });

describe("a group with several authors", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("W4 has a lane per member: each gets a session of their own", async () => {
    await world.chat("I like tea", team(ann));
    world.advance("1s");
    await world.chat("I like jazz", team(bob));
    world.advance("1s");
    await world.chat("/reset", team(ann));

    expect(world.delivered()).toMatchObject([{ users: [ann], messages: [{ content: "I like tea" }, {}] }]);
    expect(await sessionRows(world, "team")).toMatchObject([
      { status: "ended" },
      { status: "open" },
      { status: "open" },
    ]);
  });

  it("W4 W8 in one shared lane each turn keeps its author, and each author their own facts", async () => {
    world.deploy({ groups: "shared" });
    await world.chat("I like tea", team(ann));
    world.advance("1s");
    await world.chat("I like jazz", team(bob));
    world.advance("1s");
    await world.chat("/reset", team(bob));

    expect(world.delivered()).toMatchObject([
      {
        users: [ann, bob],
        messages: [{ content: "I like tea", author: ann }, {}, { content: "I like jazz", author: bob }, {}],
      },
    ]);
    expect(await factsOf("ann")).toEqual(["Likes tea"]);
    expect(await factsOf("bob")).toEqual(["Likes jazz"]);
  });

  it("W5 W6 a message without a user is refused, and nothing is ever kept under a default one", async () => {
    const answer = await world.say("I like tea", { user: null });
    expect(answer).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ field: "user" });

    await world.chat("I like the moon", { conversation: "board", chatType: "group", role: "assistant" });
    await world.chat("/reset", { conversation: "board", chatType: "group", user: { id: "ann" } });
    world.advance("31m");
    await world.ttl();
    await world.settle();

    expect(world.delivered()).toMatchObject([{ users: [], messages: [{ role: "assistant" }] }]);
    expect((await allRows(world)).filter(({ pk }) => String(pk).startsWith("MEMORY#"))).toEqual([]);
  });

  it("W8 W12 what was said in private is not recited in the group, nor the group's in another", async () => {
    await world.chat("I live in Lisbon");
    await world.chat("/reset");
    await world.chat("I work as a baker", team(ann));
    await world.chat("/reset", team(ann));
    world.advance("1m");

    expect((await world.chat("in private")).join()).toContain("Lives in Lisbon");
    const inGroup = (await world.chat("in the group", team(ann))).join();
    expect(inGroup).toContain("Works as a baker");
    expect(inGroup).not.toContain("Lisbon");
    const elsewhere = { ...team(ann), conversation: "club" };
    expect((await world.chat("elsewhere", elsewhere)).join()).not.toContain("I remember");
    expect((await world.chat("somebody else", team(bob))).join()).not.toContain("I remember");
  });

  async function factsOf(user: string): Promise<readonly unknown[]> {
    const rows = await allRows(world);
    const own = rows.filter(({ pk, kind }) => kind === "fact" && String(pk).endsWith(`/${user}`));
    return own.map(({ text }) => text);
  }
});
