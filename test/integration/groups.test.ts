import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Said } from "../harness/createSay.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";

const ann = { id: "ann", name: "Ann" };

const bob = { id: "bob", name: "Bob" };

const team = (user: NonNullable<Said["user"]>): Said => ({ conversation: "team", chatType: "group", user });

describe("a group with several authors", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("W4 has a lane for each member, who gets a session of their own", async () => {
    await harness.chat("I like tea", team(ann));
    harness.advance("1s");
    await harness.chat("I like jazz", team(bob));
    harness.advance("1s");
    await harness.chat("/reset", team(ann));

    expect(harness.delivered()).toMatchObject([{ users: [ann], messages: [{ content: "I like tea" }, {}] }]);
    expect(await sessionRows(harness, "team")).toMatchObject([
      { status: "ended" },
      { status: "open" },
      { status: "open" },
    ]);
  });

  it("W4 W8 keeps each turn's author in one shared lane, and each author's own facts", async () => {
    harness.deploy({ groups: "shared" });
    await harness.chat("I like tea", team(ann));
    harness.advance("1s");
    await harness.chat("I like jazz", team(bob));
    harness.advance("1s");
    await harness.chat("/reset", team(bob));

    expect(harness.delivered()).toMatchObject([
      {
        users: [ann, bob],
        messages: [{ content: "I like tea", author: ann }, {}, { content: "I like jazz", author: bob }, {}],
      },
    ]);
    expect(await factsOf("ann")).toEqual(["Likes tea"]);
    expect(await factsOf("bob")).toEqual(["Likes jazz"]);
  });

  it("W5 W6 refuses a message without a user, and never keeps anything under a default one", async () => {
    const answer = await harness.say("I like tea", { user: null });
    expect(answer).toMatchObject({ statusCode: 400 });
    expect(JSON.parse(answer.body ?? "")).toMatchObject({ field: "user" });

    await harness.chat("I like the moon", { conversation: "board", chatType: "group", role: "assistant" });
    await harness.chat("/reset", { conversation: "board", chatType: "group", user: { id: "ann" } });
    harness.advance("31m");
    await harness.ttl();
    await harness.settle();

    expect(harness.delivered()).toMatchObject([{ users: [], messages: [{ role: "assistant" }] }]);
    expect((await allRows(harness)).filter(({ pk }) => String(pk).startsWith("MEMORY#"))).toEqual([]);
  });

  it("W8 W12 recites in a group nothing that was said in private, and nothing of one group in another", async () => {
    await harness.chat("I live in Lisbon");
    await harness.chat("/reset");
    await harness.chat("I work as a baker", team(ann));
    await harness.chat("/reset", team(ann));
    harness.advance("1m");

    expect((await harness.chat("in private")).join()).toContain("Lives in Lisbon");
    const inGroup = (await harness.chat("in the group", team(ann))).join();
    expect(inGroup).toContain("Works as a baker");
    expect(inGroup).not.toContain("Lisbon");
    const elsewhere = { ...team(ann), conversation: "club" };
    expect((await harness.chat("elsewhere", elsewhere)).join()).not.toContain("I remember");
    expect((await harness.chat("somebody else", team(bob))).join()).not.toContain("I remember");
  });

  async function factsOf(user: string): Promise<readonly unknown[]> {
    const rows = await allRows(harness);
    const own = rows.filter(({ pk, kind }) => kind === "fact" && String(pk).endsWith(`/${user}`));
    return own.map(({ text }) => text);
  }
});
