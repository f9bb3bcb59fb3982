import { describe, expect, it } from "vitest";
import { failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { TOKEN } from "./discordCall.ts";
import { asked, fake, later, makePlatform, platform, SERVER, shown, startDiscordForEach } from "./sendingStage.ts";

startDiscordForEach();

describe("discord, sending,", () => {
  it("puts the first piece in place of 'is thinking', and the others behind it", async () => {
    const chunk = await asked();
    const ids = [await platform.send(chunk), await platform.send({ ...chunk, index: 1, text: "there", key: "k1" })];
    expect(shown()).toEqual([
      ["original", "Hello"],
      ["follow-up", "there"],
    ]);
    expect(ids).toEqual(fake.messages.map(({ id }) => id));
  });

  it("lets nobody be pinged by what a model writes", async () => {
    const chunk = await asked();
    await platform.send({ ...chunk, text: "@everyone" });
    await platform.send({ ...chunk, text: "@here", index: 1 });
    later(16);
    await platform.send({ ...chunk, text: "<@1>" });
    const bodies = fake.requests.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ allowed_mentions: mentions }) => mentions)).toEqual(Array(3).fill({ parse: [] }));
  });

  it("replaces no answer by what answers something else, as a post of an operator's", async () => {
    const chunk = await asked();
    await platform.send(chunk);
    await platform.send({ ...chunk, text: "News", inReplyTo: "a post" });
    expect(shown()).toEqual([
      ["original", "Hello"],
      ["follow-up", "News"],
    ]);
  });

  it("replaces a notice by the answer that it announced", async () => {
    const chunk = await asked();
    await platform.send({ ...chunk, text: "It takes longer", isLast: false });
    await platform.send(chunk);
    expect(shown()).toEqual([["original", "Hello"]]);
  });

  it("sends behind what somebody has deleted, and as the bot where that was 'is thinking'", async () => {
    const chunk = await asked();
    await platform.send({ ...chunk, text: "It takes longer", isLast: false });
    fake.deleteOriginal(TOKEN);
    await platform.send(chunk);
    const next = await asked();
    fake.deleteOriginal(TOKEN);
    await platform.send(next);
    expect(shown()).toEqual([
      ["follow-up", "Hello"],
      ["bot", "Hello"],
    ]);
  });

  it("takes 'is thinking' away where there is no answer", async () => {
    const { replyTo } = await asked();
    expect(fake.isThinking(TOKEN)).toBe(true);
    await platform.dismiss?.(replyTo);
    expect([fake.isThinking(TOKEN), shown()]).toEqual([false, []]);
    await expect(platform.dismiss?.(replyTo)).rejects.toMatchObject({ kind: "gone" });
  });

  it("tries again where Discord has not read yet that the answer comes later", async () => {
    const chunk = await asked(SERVER, false);
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "transient", status: 404 });
    fake.answered(TOKEN, 200, '{"type":5}');
    await platform.send(chunk);
    expect(shown()).toEqual([["original", "Hello"]]);
  });

  it("writes as the bot where the interaction's call was answered too late", async () => {
    const chunk = await asked(SERVER, false);
    later(0.1);
    fake.answered(TOKEN, 200, '{"type":5}');
    later(1);
    await platform.send(chunk);
    expect(shown()).toEqual([["bot", "Hello"]]);
  });

  it("writes as the bot after fifteen minutes, once whatever is repeated", async () => {
    const chunk = await asked();
    later(16);
    fake.failNext(1, "lost-ack");
    expect(await failureOf(platform.send(chunk))).toMatchObject({ kind: "transient", outcome: "unknown" });
    await platform.send(chunk);
    await platform.send({ ...chunk, text: "more", index: 1, key: "k1" });
    expect(shown()).toEqual([
      ["bot", "Hello"],
      ["bot", "more"],
    ]);
  });

  it("asks nobody after fifteen minutes where the bot can't write, or there is none", async () => {
    for (const [by, place] of [
      [makePlatform(false), SERVER],
      [platform, { kind: "group-dm", channel: "102" }],
    ] as const) {
      const chunk = await asked(place);
      later(16);
      const failure = await failureOf(by.send(chunk));
      expect(failure).toMatchObject({ kind: "gone", outcome: "not-sent", chatIsGone: false });
    }
    expect(fake.requests).toEqual([]);
  });

  it("gives up behind the five messages that an app of one user alone may send", async () => {
    const chunk = await asked({ kind: "server", channel: "100", userInstalled: true });
    for (let index = 0; index < 6; index++) await platform.send({ ...chunk, index });
    expect(await failureOf(platform.send({ ...chunk, index: 6 }))).toMatchObject({ kind: "gone" });
    expect(shown()).toHaveLength(6);
  });
});
