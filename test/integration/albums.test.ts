import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { commandMark, telegramChat } from "../harness/telegramChat.ts";

const picture = (id: string) => ({ media_group_id: "g1", photo: [{ file_id: id }] });

describe("the gateway, given an album,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  it("keeps the other pictures' words when those of the first are edited", async () => {
    const first = await chat.send({ ...picture("a"), caption: "My name is Ane" });
    await chat.send({ ...picture("b"), caption: "I like tea" });
    const { caption: _, ...uncaptioned } = first;
    harness.advance("1s");
    const edit_date = Math.floor(harness.clock.now() / 1000);
    await chat.deliver({ edited_message: { ...uncaptioned, caption: "My name is Ana", edit_date } });

    expect(await chat.turns()).toMatchObject([{ text: "My name is Ana\nI like tea" }]);
  });

  it("knows a further picture again when it is redelivered after the session's end", async () => {
    await chat.send(picture("a"));
    harness.advance("1s");
    const date = Math.floor(harness.clock.now() / 1000);
    const update_id = 80_000;
    const message = { message_id: update_id, from: { id: 4711, is_bot: false, first_name: "Ana" }, date };
    const second = {
      update_id,
      message: { ...message, chat: { id: 4711, first_name: "Ana", type: "private" }, ...picture("b") },
    };
    await chat.deliver(second);
    await chat.send({ text: "/reset", ...commandMark(6) });
    const before = chat.replies();
    harness.advance("10m");
    await chat.deliver(second);

    expect(chat.replies()).toEqual(before);
    expect((await chat.turns()).filter(({ kind }) => kind === "turn")).toEqual([]);
  });
});
