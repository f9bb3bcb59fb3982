import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../lib/domain/observability.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { dataFolder } from "../cli/cli.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

/** How long the table takes for a call, milliseconds. */
const SLOW = 2_300;

/** Calls at once; a client has 50 sockets, and so many tries left for calls that time out. The others wait for a socket. */
const CALLS = 130;

describe("an operator's calls", () => {
  let harness: GatewayHarness;
  let folder: ReturnType<typeof dataFolder>;
  const slow = createServer((_, response) => {
    setTimeout(() => response.setHeader("content-type", "application/x-amz-json-1.0").end("{}"), SLOW);
  });
  beforeAll(async () => {
    harness = await startGatewayHarness();
    folder = dataFolder(harness);
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const { port } = slow.address() as AddressInfo;
    const path = join(folder.dataPath, "stack.json");
    const stack = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(
      path,
      JSON.stringify({ ...stack, endpoints: { ...stack.endpoints, dynamodb: `http://127.0.0.1:${port}` } }),
    );
  });
  afterAll(async () => {
    slow.closeAllConnections();
    slow.close();
    folder[Symbol.dispose]();
    await harness.stop();
  });

  it("wait for a socket as long as it takes, when many are made at once and the table is slow", async () => {
    using gateway = await connect({ env: { VESPER_DATA: folder.dataPath }, clock: systemClock }, {});
    const { client, name } = gateway.services.table;
    const calls = Array.from({ length: CALLS }, () =>
      client.send(new GetCommand({ TableName: name, Key: { pk: "a", sk: "b" } })),
    );
    const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
    expect(failed).toEqual([]);
  });
});
