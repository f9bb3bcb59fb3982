import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { echo } from "../../lib/agents/echo/echo.ts";
import { none } from "../../lib/agents/none/none.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";
import { folderWithSecrets, OLD_NODE, startCli } from "./cli.ts";
import { type FrontDoor, startFrontDoor } from "./frontDoor.ts";

describe("vesper say", () => {
  let harness: GatewayHarness;
  let folder: Awaited<ReturnType<typeof folderWithSecrets>>;
  let door: FrontDoor;
  beforeAll(async () => {
    // The CLI is another process, whose clock is the machine's.
    harness = await startGatewayHarness(new Date().toISOString());
    door = await startFrontDoor(harness);
    folder = await folderWithSecrets(harness, { url: door.url });
  });
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
    await door.close();
    await harness.stop();
  });

  const cli = (...args: string[]) => startCli(folder.dataPath, ["say", ...args]).result;

  it("signs and posts a message, and prints the reply that was stored for it", async () => {
    expect(await cli("My name is Ann", "--user", "ann")).toEqual({
      ...{ code: 0, stderr: "", stdout: "You said: My name is Ann\n" },
    });
    const { code, stdout } = await cli("again", "--conversation", "other", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...{ session: expect.any(String), messageId: expect.stringMatching(/^say-/), status: "done" },
      ...{ notice: null, reply: "You said: again" },
    });
  });

  it("P11 prints the notice of a new session before the reply", async () => {
    await cli("hello", "--conversation", "noticed");
    harness.advance("31m");
    await harness.sweep();
    await harness.settle();
    // The machine's clock is what the message is signed with, so the world's comes back to it.
    harness.goTo(new Date(performance.timeOrigin + performance.now()).toISOString());
    const { stdout } = await cli("hello again", "--conversation", "noticed");
    expect(stdout).toMatch(/^.*a while without a message.*\nYou said: hello again/);
  });

  it("reaches groups, commands, scheduled posts and the agent's own messages", async () => {
    expect((await cli("hi", "--conversation", "g", "--chat-type", "group", "--user", "bo")).stdout).toContain(
      "You said",
    );
    expect((await cli("/reset")).stdout).toContain("Done: a new conversation begins.\n");
    expect((await cli("news?", "--conversation", "news", "--origin", "scheduled")).stdout).toContain("You said: news?");
    expect(await cli("I am back", "--role", "assistant")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^recorded in session [0-9A-Z]{26}; nothing was answered\n$/),
    });
  });

  it("says that it was recorded where there is no agent", async () => {
    harness.deploy({ agent: none() });
    expect(await cli("hello", "--conversation", "silent")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^recorded in session/),
    });
    harness.deploy({ agent: echo() });
  });

  it("fails with one line when it is refused, unsigned, without a platform, or without a reply in time", async () => {
    expect(await cli(" ")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^vesper: the gateway refused it with 400: .*\n$/),
    });
    await using unsigned = await folderWithSecrets(harness);
    writeFileSync(unsigned.envPath, "");
    expect(await startCli(unsigned.dataPath, ["say", "x"]).result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^vesper: no secret "\/vesper\/Test\/HTTP_SIGNING_SECRET"; .*\.env.*\n$/),
    });
    door.answers = false;
    expect(await cli("hello", "--conversation", "late", "--wait", "300ms")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^vesper: accepted as say-\w+, but no turn within 300 ms.*\n$/),
    });
    door.answers = true;
    await harness.settle();
  });

  it("passes a signal on to the program behind the launcher, and nothing stays behind", async () => {
    door.answers = false;
    const accepted = () => queueDepth(harness, harness.wiring.queues.inbound);
    const running = startCli(folder.dataPath, ["say", "hello", "--conversation", "cut", "--wait", "60s"], OLD_NODE);
    await expect.poll(accepted, { timeout: 10_000 }).toBe(1);
    running.kill("SIGTERM");
    expect(await running.result).toMatchObject({ code: 128 + 15 });
    door.answers = true;
    await harness.settle();
  });
});
