import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOperation } from "../../lib/operator/operations/Operation.ts";
import { operationView } from "../../lib/operator/operations/OperationView.ts";
import { machineReaches } from "../harness/machineReaches.ts";
import { enter } from "../unit/domain/enter.ts";
import { startCli } from "./cli.ts";
import { type CliHarness, DEPLOYED, startCliHarness } from "./cliHarness.ts";

const LINK = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/;

describe("vesper console", { timeout: 60_000 }, () => {
  let cliHarness: CliHarness;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    cliHarness.harness.provider.setMode(401);
    for (const conversation of ["one", "two", "three"]) {
      await cliHarness.harness.chat("hello", { conversation });
      cliHarness.harness.advance("1s");
      await cliHarness.harness.chat("/reset", { conversation });
    }
    // The page goes by this machine's clock, which the harness's is ahead of.
    await machineReaches(cliHarness.harness.clock.now());
  }, 60_000);
  const started: ReturnType<typeof startCli>[] = [];
  afterAll(async () => {
    for (const one of started) one.kill("SIGKILL");
    await cliHarness.stop();
  });

  const start = (...args: string[]) => {
    const cli = startCli(cliHarness.folder.dataPath, ["console", ...args], [], cliHarness.machine);
    started.push(cli);
    return cli;
  };

  it.each([
    ["the gateway on this machine", [], true],
    ["a deployed stack", DEPLOYED, false],
  ])("prints a link to the page of %s, serves it, and ends quietly at Ctrl-C", async (_, target, isLocal) => {
    const console = start(...target);
    const page = await enter(await console.says(LINK));
    const index = await fetch(page.origin);
    expect([index.status, await index.text()]).toEqual([200, expect.stringContaining("<title>")]);
    expect(await page.get("/api/about")).toMatchObject({ status: 200, body: { name: "Test", isLocal } });
    expect(Object((await page.get("/api/sessions?filter=status:ended")).body).sessions).toHaveLength(3);
    const live = await fetch(`${page.origin}/api/live`, { headers: page.headers });
    expect(live.status).toBe(200);
    console.kill("SIGINT");
    expect(await console.result).toEqual({ code: 0, stderr: "", stdout: expect.stringMatching(/^Open http:\S+\n$/) });
    await live.body?.cancel().catch(() => {});
  });

  it("stops a bulk action of the page at Ctrl-C so that anybody can resume it at once", async () => {
    const console = start();
    const page = await enter(await console.says(LINK));
    const planned = await page.post("/api/plan", { verb: "redrive", filter: "provider:crm" });
    expect(planned).toMatchObject({ status: 200, body: { count: 3 } });
    const begun = await page.post("/api/operations", { plan: Object(planned.body).plan, name: "slow", rate: 1 });
    // It is taken up in the background, maybe before it is answered.
    expect(begun).toMatchObject({
      status: 200,
      body: { name: "slow", status: expect.stringMatching(/^(stopped|running)$/) },
    });
    console.kill("SIGINT");
    expect(await console.result).toMatchObject({ code: 0, stderr: "" });
    const { harness } = cliHarness;
    const operation = await findOperation({ ...harness.services, table: harness.operatorTable }, "slow");
    expect(operation.lease).toBeUndefined();
    expect(operationView(operation, Date.now())).toMatchObject({ status: "stopped", count: 3 });
    expect(operation.done).toBeLessThan(3);
  });

  it("says which port is taken, and how to give another", async () => {
    const console = start();
    const { port } = new URL(await console.says(LINK));
    const { code, stderr } = await start("--port", port).result;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `vesper: the console's port ${port} is in use: stop what uses it, or give another (--port, or VESPER_CONSOLE_PORT for npm start)\n`,
    });
    console.kill("SIGINT");
    await console.result;
  });

  it("says that nothing runs here", async () => {
    const { code, stderr } = await startCli("/nowhere", ["console"]).result;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("nothing runs here: start it with npm start"),
    });
  });
});
