import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployClosing } from "../harness/deployClosing.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { telegramChat } from "../harness/telegramChat.ts";
import { dataFolder } from "./cli.ts";
import { runHere } from "./runHere.ts";

const DM = "default/telegram/4711//";

const MINUTE = 60_000;

describe("vesper send", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  it("says what an operator wants the agent to say of its own accord, and tells where it can't be said", async () => {
    await chat.send({ text: "hello" });
    using folder = dataFolder(harness);
    const send = (...args: string[]) => {
      const clock = { ...harness.clock, until: async () => harness.settle() };
      return runHere(["send", ...args], { env: { VESPER_DATA: folder.dataPath }, clock });
    };
    const { code, stdout } = await send(DM, "Good morning", "--json");
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, messageId: expect.stringMatching(/^send-/) });
    expect(chat.replies()).toEqual(["You said: hello", "Good morning"]);
    expect(await send("default/telegram/99//", "hi")).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('nobody has written in "default/telegram/99//"') },
    });
    expect((await send(DM, "  ")).code).toBe(2);
  });

  describe("where a message can be answered for two minutes", () => {
    beforeEach(() => deployClosing(harness, (now) => now + 2 * MINUTE));

    it("says nothing of its own accord after that, and an operator who tries is told", async () => {
      await chat.send({ text: "Are you there?" });
      harness.advance("3m");
      using folder = dataFolder(harness);
      const here = { env: { VESPER_DATA: folder.dataPath }, clock: harness.clock };
      const { code, stderr } = await runHere(["send", DM, "Still here"], here);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining("the time to answer is over since"),
      });
      expect(chat.replies()).toEqual(["Here I am"]);
    });

    it("lists a reply that was not sent in time as one that can be sent no more", async () => {
      harness.bot.failNext(1, 429, { "retry-after": "86400" });
      await chat.send({ text: "Are you there?" });
      harness.advance("3m");
      using folder = dataFolder(harness);
      const here = { env: { VESPER_DATA: folder.dataPath }, clock: harness.clock };
      expect((await runHere(["replies", "ls"], here)).stdout).toContain("throttled: the time to answer is over");
    });
  });
});
