import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decidePairing, findPairings } from "../../lib/operator/pairings.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { DM, TEAM, telegramChat } from "../harness/telegramChat.ts";

const EVE = { from: { id: 666, is_bot: false, first_name: "Eve" }, chat: { ...DM, id: 666, first_name: "Eve" } };

describe("the gateway, asked by whom it may not know,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  const codeIn = (text = "") => /: ([0-9A-Z]{8})$/.exec(text)?.[1] ?? "";

  it("answers everybody where the config does not say who may talk", async () => {
    await chat.send({ ...EVE, text: "hello" });
    expect(chat.replies()).toEqual(["You said: hello"]);
  });

  it("answers only those whom the config names; others leave nothing behind", async () => {
    harness.deploy({ access: { telegram: { users: ["4711"] } } });
    await chat.send({ text: "hello" });
    const before = await allRows(harness);
    await chat.send({ ...EVE, text: "hello" });

    expect(chat.replies()).toEqual(["You said: hello"]);
    expect(await allRows(harness)).toEqual(before);
  });

  it("answers everybody in a chat that the config names, and in no other", async () => {
    harness.deploy({ access: { telegram: { chats: [String(TEAM.id)] } }, inGroups: { answer: "always" } });
    await chat.send({ ...EVE, chat: TEAM, text: "in the group" });
    await chat.send({ ...EVE, text: "in private" });
    expect(chat.replies()).toEqual(["You said: in the group"]);
  });

  it("leaves a platform open that the config does not name", async () => {
    harness.deploy({ access: { telegram: { users: [] } } });
    expect(await harness.chat("hello")).toEqual(["You said: hello"]);
  });

  it("gives an unknown person a code, once a day; the agent is not asked and no session begins", async () => {
    harness.deploy({ access: { telegram: { others: "pair" } } });
    await chat.send({ ...EVE, text: "hello" });
    await chat.send({ ...EVE, text: "hello?" });
    expect(chat.replies()).toEqual([expect.stringContaining("I don't know you yet")]);
    expect(codeIn(chat.replies()[0])).not.toBe("");
    expect(await sessionRows(harness)).toEqual([]);
    expect((await allRows(harness)).filter(({ pk }) => !String(pk).startsWith("PAIRING#"))).toEqual([]);

    harness.advance("24h");
    await chat.send({ ...EVE, text: "hello??" });
    expect(chat.replies()).toHaveLength(2);
  });

  it("deletes in time who has asked and was not let in, or is so no more; keeps whom an operator has let in", async () => {
    harness.deploy({ access: { telegram: { others: "pair" } } });
    const { services } = harness;
    const rows = async () => (await allRows(harness)).filter(({ pk }) => String(pk).startsWith("PAIRING#"));
    const inThirtyDays = () => ({ expiresAt: Math.ceil(harness.clock.now() / 1000) + 30 * 86_400 });
    await chat.send({ ...EVE, text: "hello" });
    expect(await rows()).toMatchObject([inThirtyDays()]);
    await decidePairing(services, services.config, "666", "approve", "op");
    expect((await rows())[0]).not.toHaveProperty("expiresAt");
    await decidePairing(services, services.config, "666", "revoke", "op");
    expect(await rows()).toMatchObject([inThirtyDays()]);
  });

  it("does not answer an unknown person in a group, and tells no code before others", async () => {
    harness.deploy({ access: { telegram: { others: "pair" } }, inGroups: { answer: "always" } });
    await chat.send({ ...EVE, chat: TEAM, text: "hello" });
    expect(harness.bot.sent).toEqual([]);
    expect(await allRows(harness)).toEqual([]);
  });

  it("lets a person in by the code when an operator says so, and out again", async () => {
    harness.deploy({ access: { telegram: { others: "pair" } } });
    const { services } = harness;
    await chat.send({ ...EVE, text: "hello" });
    const code = codeIn(chat.replies()[0]);
    expect(await findPairings(services, services.config)).toMatchObject([{ user: "666", name: "Eve", code }]);

    await decidePairing(services, services.config, code.toLowerCase(), "approve", "op");
    await chat.send({ ...EVE, text: "and now?" });
    expect(chat.replies().at(-1)).toBe("You said: and now?");

    await decidePairing(services, services.config, "666", "revoke", "op");
    await chat.send({ ...EVE, text: "still?" });
    expect(chat.replies()).toHaveLength(2);
    await expect(decidePairing(services, services.config, "NOBODY", "approve", "op")).rejects.toThrow(
      "nobody has asked",
    );
    const audit = (await allRows(harness)).filter(({ pk }) => String(pk).startsWith("AUDIT#"));
    expect(audit.map(({ action }) => action)).toEqual(["pair approve", "pair revoke"]);
    expect(audit.map(({ target }) => target)).toEqual([1, 2].map(() => `platform:telegram code:${code}`));
  });
});
