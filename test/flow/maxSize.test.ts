import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, it } from "vitest";
import { allRows, sessionRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

it("L5 a session that has grown as large as one may be ends with the next message, is delivered whole, and its user is told", async () => {
  world.deploy({ sessions: { default: "none" }, memory: { crm: webhookTo(world.provider) } });
  await world.chat("hello");
  const turn = (await allRows(world)).find(({ kind }) => kind === "turn");
  const { client, name } = world.operatorTable;
  for (let number = 10; number < 23; number++) {
    const sk = `${String(turn?.sk).slice(0, -2)}${number}`;
    await client.send(new PutCommand({ TableName: name, Item: { ...turn, sk, text: "x".repeat(320_000) } }));
  }

  expect(await world.chat("more")).toEqual([
    "(A new conversation: the last one had reached its largest size.)",
    "You said: more",
  ]);

  expect(world.delivered()).toMatchObject([{ reason: "max-size", turns: 14 }]);
  expect(await sessionRows(world)).toMatchObject([{ status: "ended", reason: "max-size" }, { status: "open" }]);
});
