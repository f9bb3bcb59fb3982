import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DEPLOYED, type Stand, startStand } from "./stand.ts";

const BASE = "https://gateway.example.com/webhooks";

describe("vesper webhooks set", () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await startStand();
  });
  afterEach(() => stand.reset());
  afterAll(() => stand.stop());

  const publish = () => {
    const stack = stand.aws.stacks.get("Test");
    if (stack) stack.outputs.WebhookUrl = BASE;
  };

  it("registers Telegram's webhook at the stack's address, and lists the others; again is as well", async () => {
    publish();
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await stand.cli(["webhooks", "set", "--json", ...DEPLOYED]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual([
        { platform: "http", url: `${BASE}/http`, status: "manual", detail: expect.stringContaining("by hand") },
        { platform: "telegram", url: `${BASE}/telegram`, status: "set", detail: expect.stringContaining("Telegram") },
      ]);
    }
    expect(stand.world.bot.webhook).toEqual({
      ...{ url: `${BASE}/telegram`, secret_token: "secret_TOKEN-planted" },
      ...{ allowed_updates: ["message"], drop_pending_updates: false },
    });
  });

  it("takes one platform, and another address such as a tunnel's", async () => {
    const args = ["webhooks", "set", "--platform", "telegram", "--url", "https://tunnel.example/webhooks/"];
    const { code, stdout } = await stand.cli(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^telegram +set +https:\/\/tunnel\.example\/webhooks\/telegram +/m);
    expect(stdout).not.toMatch(/^http /m);
    expect(stand.world.bot.webhook?.url).toBe("https://tunnel.example/webhooks/telegram");
    expect(await stand.cli(["webhooks", "set", "--platform", "slack"])).toMatchObject({
      ...{ code: 1, stderr: 'vesper: no platform "slack" in the config: it has http, telegram\n' },
    });
  });

  it("fails when Telegram refuses the address, and says what it says; the others are still listed", async () => {
    const { code, stdout, stderr } = await stand.cli(["webhooks", "set"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "vesper: not set: telegram\n" });
    expect(stdout).toContain("An HTTPS URL must be provided for webhook");
    expect(stdout).toMatch(/^http +manual /m);
  });

  it("fails in one line each without the token, with a wrong one, without Telegram", async () => {
    publish();
    const args = ["webhooks", "set", "--platform", "telegram", ...DEPLOYED];
    stand.aws.parameters.delete("/vesper/Test/BOT_TOKEN");
    expect((await stand.cli(args)).stdout).toContain('no secret "/vesper/Test/BOT_TOKEN"');
    stand.aws.parameters.set("/vesper/Test/BOT_TOKEN", "654321:WRONG-planted");
    const wrong = await stand.cli(args);
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining("Telegram answered 401: Unauthorized") });
    stand.aws.parameters.set("/vesper/Test/BOT_TOKEN", "not a token, planted");
    const none = await stand.cli(args);
    expect(none.stdout).toContain("BOT_TOKEN is not a bot token");
    stand.reset();
    publish();
    stand.world.bot.failNext(1, "reset");
    const broken = await stand.cli(args);
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining("no answer from 127.0.0.1") });
    for (const { stdout, stderr } of [wrong, none, broken]) expect(stdout + stderr).not.toMatch(/planted|WRONG/);
  });
});
