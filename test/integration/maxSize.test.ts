import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { webhookTo } from "../harness/webhookTo.ts";

let harness: GatewayHarness;

beforeEach(async () => {
  harness = await startGatewayHarness();
});

afterEach(() => harness.stop());

it("L5 ends a session that has grown as large as one may be with the next message, delivers it whole, and tells its user", async () => {
  harness.deploy({ sessions: { default: "none" }, memory: { crm: webhookTo(harness.provider) } });
  await harness.chat("hello");
  const turn = (await allRows(harness)).find(({ kind }) => kind === "turn");
  const { client, name } = harness.operatorTable;
  for (let number = 10; number < 23; number++) {
    const sk = `${String(turn?.sk).slice(0, -2)}${number}`;
    await client.send(new PutCommand({ TableName: name, Item: { ...turn, sk, text: "x".repeat(320_000) } }));
  }

  expect(await harness.chat("more")).toEqual([
    "(A new conversation: the last one had reached its largest size.)",
    "You said: more",
  ]);

  expect(harness.delivered()).toMatchObject([{ reason: "max-size", turns: 14 }]);
  expect(await sessionRows(harness)).toMatchObject([{ status: "ended", reason: "max-size" }, { status: "open" }]);
});
