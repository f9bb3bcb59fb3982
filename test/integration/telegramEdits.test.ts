import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { telegramChat } from "../harness/telegramChat.ts";
import { factsOf, transcriptOf } from "./telegramSteps.ts";

const BEN = { id: 4712, is_bot: false, first_name: "Ben" };

describe("the gateway, given what people send on Telegram,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  it("corrects the turn for memory by an edit, and says so in the transcript", async () => {
    const said = await chat.send({ text: "My name is Ane" });
    await chat.edit(said, "My name is Ana");

    expect(chat.replies()).toEqual(["You said: My name is Ane"]);
    expect((await transcriptOf(harness, chat))?.[0]).toMatchObject({
      content: "My name is Ana",
      editedAt: expect.any(String),
    });
    expect(await factsOf(harness)).toEqual(["Name: Ana"]);
  });

  it("corrects a turn whose words are packed", async () => {
    const [first, corrected] = [PROSE.slice(0, 1_400).trim(), PROSE.slice(0, 1_500).trim()];
    const said = await chat.send({ text: first });
    await chat.edit(said, "In short: yes");
    await chat.edit(said, corrected);
    expect(await chat.turns()).toMatchObject([{ text: corrected, reply: `You said: ${first}` }]);
  });

  it("changes nothing by an edit after the session's end, or of somebody else's message", async () => {
    const said = await chat.send({ text: "My name is Ana" });
    await chat.edit({ ...said, from: BEN }, "My name is Ben");
    expect(await chat.turns()).toMatchObject([{ text: "My name is Ana" }]);
    expect(await transcriptOf(harness, chat)).toMatchObject([{ content: "My name is Ana" }, {}]);

    await chat.edit(said, "My name is Eve");
    await chat.send({ text: "hello" });
    expect(await factsOf(harness)).toEqual(["Name: Ana"]);
    expect(harness.logged.map(({ event }) => event)).toContain("edit.late");
  });

  it("keeps the later of two edits, in whichever order they come", async () => {
    const said = await chat.send({ text: "one" });
    const at = Math.floor(harness.clock.now() / 1000);
    await chat.deliver({ edited_message: { ...said, text: "three", edit_date: at + 9 } });
    await chat.deliver({ edited_message: { ...said, text: "two", edit_date: at + 5 } });
    expect(await chat.turns()).toMatchObject([{ text: "three" }]);
  });
});
