import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CliHarness, DEPLOYED, startCliHarness } from "./cliHarness.ts";

const BASE = "https://gateway.example.com/webhooks";

describe("vesper webhooks set", () => {
  let cliHarness: CliHarness;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
  });
  afterEach(() => cliHarness.reset());
  afterAll(() => cliHarness.stop());

  const publish = () => {
    const stack = cliHarness.aws.stacks.get("Test");
    if (stack) stack.outputs.WebhookUrl = BASE;
  };

  it("registers Telegram's webhook at the stack's address, lists the others, and does the same again", async () => {
    publish();
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await cliHarness.cli(["webhooks", "set", "--json", ...DEPLOYED]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual([
        { platform: "http", url: `${BASE}/http`, status: "manual", detail: expect.stringContaining("by hand") },
        { platform: "telegram", url: `${BASE}/telegram`, status: "set", detail: expect.stringContaining("Telegram") },
      ]);
    }
    expect(cliHarness.harness.bot.webhook).toEqual({
      ...{ url: `${BASE}/telegram`, secret_token: "secret_TOKEN-planted" },
      ...{ allowed_updates: ["message", "edited_message", "my_chat_member"], drop_pending_updates: false },
    });
  });

  it("takes one platform, and another address such as a tunnel's", async () => {
    const args = ["webhooks", "set", "--platform", "telegram", "--url", "https://tunnel.example/webhooks/"];
    const { code, stdout } = await cliHarness.cli(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^telegram +set +https:\/\/tunnel\.example\/webhooks\/telegram +/m);
    expect(stdout).not.toMatch(/^http /m);
    expect(cliHarness.harness.bot.webhook?.url).toBe("https://tunnel.example/webhooks/telegram");
    expect(await cliHarness.cli(["webhooks", "set", "--platform", "slack"])).toMatchObject({
      ...{ code: 1, stderr: 'vesper: no platform "slack" in the config: it has http, telegram\n' },
    });
  });

  it.each([
    ["the gateway's own on this machine", [], "it is not https"],
    ["http", ["--url", "http://gateway.example.com/webhooks"], "it is not https"],
    ["this machine", ["--url", "https://localhost:8443/webhooks"], "localhost is no name"],
    ["its address", ["--url", "https://127.0.0.1/webhooks"], "127.0.0.1 is no address"],
    ["its address, written otherwise", ["--url", "https://0x7f.1/webhooks"], "127.0.0.1 is no address"],
    ["version 6", ["--url", "https://[::1]/webhooks"], "::1 is no address"],
    ["a private range", ["--url", "https://192.168.1.20/webhooks"], "192.168.1.20 is no address"],
    ["a private range in version 6", ["--url", "https://[::ffff:10.0.0.1]/webhooks"], "is no address"],
    ["a name of the own network", ["--url", "https://gateway/webhooks"], "gateway is no name"],
    ["a name for local use", ["--url", "https://box.local./webhooks"], "box.local is no name"],
  ])(
    "refuses an address that Telegram can't call, does not ask Telegram, and lists the others: %s",
    async (_, args, why) => {
      const before = cliHarness.harness.bot.webhook;
      const { code, stdout, stderr } = await cliHarness.cli(["webhooks", "set", ...args]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: "vesper: not set: telegram\n" });
      expect(stdout).toContain(why);
      expect(stdout).toContain("--url");
      expect(stdout).toMatch(/^http +manual /m);
      expect(cliHarness.harness.bot.webhook).toBe(before);
    },
  );

  it("fails in one line each without the token, with a wrong one, and without Telegram", async () => {
    publish();
    const args = ["webhooks", "set", "--platform", "telegram", ...DEPLOYED];
    cliHarness.aws.parameters.delete("/vesper/Test/BOT_TOKEN");
    expect((await cliHarness.cli(args)).stdout).toContain('no secret "/vesper/Test/BOT_TOKEN"');
    cliHarness.aws.parameters.set("/vesper/Test/BOT_TOKEN", "654321:WRONG-planted");
    const wrong = await cliHarness.cli(args);
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining("Telegram answered 401: Unauthorized") });
    cliHarness.aws.parameters.set("/vesper/Test/BOT_TOKEN", "not a token, planted");
    const none = await cliHarness.cli(args);
    expect(none.stdout).toContain("BOT_TOKEN is not a bot token");
    cliHarness.reset();
    publish();
    cliHarness.harness.bot.failNext(1, "reset");
    const broken = await cliHarness.cli(args);
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining("no answer from 127.0.0.1") });
    for (const { stdout, stderr } of [wrong, none, broken]) expect(stdout + stderr).not.toMatch(/planted|WRONG/);
  });
});
