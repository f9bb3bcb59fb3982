import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { seedLedger } from "../integration/seedLedger.ts";
import { folderWithSecrets } from "./cli.ts";
import { runHere } from "./runHere.ts";

const HOUR = 3_600_000;

describe("the command line on a gateway whose clock is three hours ahead", () => {
  let harness: GatewayHarness;
  let folder: Awaited<ReturnType<typeof folderWithSecrets>>;
  beforeAll(async () => {
    harness = await startGatewayHarness(new Date().toISOString());
    folder = await folderWithSecrets(harness);
    // An hour ago by its own clock; by the machine's in two hours.
    await seedLedger(harness.services.table, 1, Date.now() + 2 * HOUR);
    const path = join(folder.dataPath, "stack.json");
    // Of another process: in the gateway's own the machine's clock is moved already.
    const moved = { ...JSON.parse(readFileSync(path, "utf8")), clockOffset: 3 * HOUR, pid: process.ppid };
    writeFileSync(path, JSON.stringify(moved));
  });
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
    await harness.stop();
  });

  const cli = (...args: readonly string[]) => runHere(args, { env: { VESPER_DATA: folder.dataPath } });

  it.each([
    "hooks ls status:dead",
    "hooks ls",
    "hooks groups",
    "hooks redrive --dry-run",
    "sessions ls",
    "sessions export",
  ])("%s: an age is one by the gateway's clock", async (command) => {
    const words = command.split(" ");
    const found = await cli(...words, "age:>30m");
    expect(found).toMatchObject({ code: 0, stderr: "" });
    expect(found.stdout).toMatch(/crm|chat-0/);
    expect((await cli(...words, "age:>90m")).stdout).not.toMatch(/crm|chat-0/);
  });

  it.each(["hooks ls", "hooks groups", "hooks redrive --all --dry-run", "sessions ls"])(
    "%s shows times by the gateway's clock",
    async (command) => {
      expect((await cli(...command.split(" "))).stdout).toContain("1h ago");
    },
  );

  it("refuses a filter that is none, also where no gateway runs", async () => {
    const refused = await runHere(["hooks", "ls", "age:soon"], { env: { VESPER_DATA: join(folder.dataPath, "none") } });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("age") });
  });
});
