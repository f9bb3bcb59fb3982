import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { oldestDue } from "../../lib/operator/oldestDue.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

describe("what the sweep must visit first", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());
  const oldest = () => oldestDue({ ...harness.services, table: harness.operatorTable });

  it("is nothing where nothing waits", async () => {
    expect(await oldest()).toBeUndefined();
  });

  it("is a session at its own end, though its entry is of an earlier time, as it has gone on", async () => {
    await harness.chat("hello");
    harness.advance("20m");
    await harness.chat("hello again");
    const end = Date.now() + 30 * 60_000;
    harness.advance("20m");
    await harness.sweep();
    expect(await oldest()).toMatchObject({ at: end });
  });

  it("is a session that no conversation names, and one that can't be read, at the time of its entry", async () => {
    const at = Date.now() - 60_000;
    const { client, name } = harness.operatorTable;
    const put = (item: object) => client.send(new PutCommand({ TableName: name, Item: { ...item } }));
    await put({ pk: "CONV#broken", sk: "LIVE", session: 7, expiresAt: 2e9 });
    await put({ pk: "CONV#broken", sk: "SESSION#S1", state: "DUE#1", at: at + 1 });
    expect(await oldest()).toMatchObject({ sk: "SESSION#S1", at: at + 1 });
    await put({ pk: "CONV#lost", sk: "SESSION#S2", state: "DUE#3", at });
    expect(await oldest()).toMatchObject({ sk: "SESSION#S2", at });
  });
});
