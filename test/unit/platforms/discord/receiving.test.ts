import { describe, expect, it } from "vitest";
import {
  interactionOf,
  messageMenu,
  type Place,
  slashCommand,
  snowflake,
} from "../../../../emulators/platforms/discord/interactions.ts";
import { WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { discord } from "../../../../lib/platforms/discord/discord.ts";
import { APP, discordCall, KEY, sayCommand, sceneOf, TOKEN } from "./discordCall.ts";

const services = testServices({ KEY: KEY.publicKey.toUpperCase() });
const platform = discord({ publicKey: secret("KEY"), token: secret("BOT") }).create(services);
const withoutBot = discord({ publicKey: secret("KEY") }).create(services);

const AT = Date.parse("2026-03-01T12:00:00.123Z");
const UNTIL = AT + 15 * 60_000;

const receive = (body: unknown, by = platform) => by.receive(discordCall(body));
const messageIn = async (body: unknown, by = platform) => (await receive(body, by)).messages[0];
const bodyOf = async (body: unknown) => JSON.parse((await receive(body)).response?.body ?? "null");
const ask = (text: string) => [{ name: "text", type: 3, value: text }];
const at = (place: Place) => sceneOf({ at: AT, place });

describe("discord, receiving a command,", () => {
  it("takes one in a direct message for its user's own chat, put off, with what answers it for 15 minutes and after", async () => {
    const received = await receive(slashCommand(sceneOf({ at: AT }), "ask", ask("Hello")));
    expect(received).toEqual({
      messages: [
        {
          messageId: snowflake(AT, 1),
          sentAt: AT,
          chat: { id: "4711", type: "dm" },
          user: { id: "4711", name: "Ana" },
          role: "user",
          text: "Hello",
          origin: "chat",
          replyTo: { id: snowflake(AT, 1), app: APP, token: TOKEN, until: UNTIL, channel: "94711" },
        },
      ],
      response: { status: 200, headers: { "content-type": "application/json" }, body: '{"type":5}' },
      refused: expect.objectContaining({ status: 200, body: expect.stringMatching(/^{"type":4,.*"flags":64/) }),
      unavailable: expect.objectContaining({ status: 200, body: expect.stringMatching(/^{"type":4,.*"flags":64/) }),
    });
  });

  it("tells servers, threads and groups of people apart, and says that it is meant", async () => {
    const chats = [
      [at({ kind: "server", channel: "100" }), { id: "100", type: "group" }],
      [at({ kind: "thread", channel: "101", parent: "100" }), { id: "100", type: "thread", thread: "101" }],
      [at({ kind: "group-dm", channel: "102" }), { id: "102", type: "group" }],
    ] as const;
    for (const [scene, chat] of chats) {
      const message = await messageIn(slashCommand(scene, "ask", ask("Hi")));
      expect(message).toMatchObject({ chat, mentioned: true });
    }
  });

  it("says until when it can be answered: where the bot can't write, and where there is none", async () => {
    const server = slashCommand(at({ kind: "server", channel: "100" }), "ask", ask("Hi"));
    expect(await messageIn(server)).not.toHaveProperty("replyUntil");
    expect(await messageIn(server, withoutBot)).toHaveProperty("replyUntil", UNTIL);
    const own = [at({ kind: "group-dm", channel: "102" }), at({ kind: "server", channel: "100", userInstalled: true })];
    for (const scene of own) {
      const message = await messageIn(slashCommand(scene, "ask", ask("Hi")));
      expect(message).toHaveProperty("replyUntil", UNTIL);
      expect(message?.replyTo).not.toHaveProperty("channel");
    }
  });

  it("takes an older interaction's direct message, which says no context, for one all the same", async () => {
    const { context: _, ...older } = slashCommand(sceneOf(), "ask", ask("Hi"));
    expect((await messageIn(older))?.chat).toEqual({ id: "4711", type: "dm" });
    const { context: __, ...server } = slashCommand(at({ kind: "server", channel: "100" }), "ask", ask("Hi"));
    expect((await messageIn(server))?.chat).toEqual({ id: "100", type: "group" });
  });

  it("takes two other people's direct messages for a group, as both read the answer", async () => {
    const { channel: _, ...interaction } = slashCommand(at({ kind: "group-dm", channel: "102" }), "ask", ask("Hi"));
    expect((await messageIn({ ...interaction, channel: { id: "102", type: 1 } }))?.chat).toEqual({
      id: "102",
      type: "group",
    });
  });

  it("can write to its own users' direct messages, wherever they have the app from", async () => {
    const own = { ...slashCommand(sceneOf(), "ask", ask("Hi")), authorizing_integration_owners: { 1: "4711" } };
    expect((await messageIn(own))?.replyTo).toHaveProperty("channel", "94711");
  });

  it("calls people as the server does, else by the name they show, else by their user name", async () => {
    const user = { id: "4711", name: "Ana", nick: "The\nBaker" };
    const named = slashCommand(sceneOf({ user, place: { kind: "server", channel: "100" } }), "ask", ask("Hi"));
    expect((await messageIn(named))?.user).toEqual({ id: "4711", name: "The Baker" });
    const plain = {
      ...slashCommand(sceneOf(), "ask", ask("Hi")),
      user: { id: "4711", username: "ana", global_name: null },
    };
    expect((await messageIn(plain))?.user).toEqual({ id: "4711", name: "ana" });
  });

  it("takes the commands by their names, and any other for text to the agent", async () => {
    const scene = sceneOf();
    expect(await messageIn(sayCommand(scene, "/memory off"))).toMatchObject({ command: "memory", text: "off" });
    expect(await messageIn(sayCommand(scene, "/new what now?"))).toMatchObject({ command: "new", text: "what now?" });
    expect(await messageIn(slashCommand(scene, "ask", ask("/reset")))).not.toHaveProperty("command");
    const options = [
      { name: "days", type: 4, value: 3 },
      { name: "place", type: 3, value: "Rome" },
    ];
    const weather = await messageIn(slashCommand(scene, "weather", options));
    expect(weather).toMatchObject({ text: "/weather 3 Rome" });
    expect(await messageIn(slashCommand(scene, "weather"))).toMatchObject({ text: "/weather" });
    expect(weather).not.toHaveProperty("command");
  });

  it("takes a mention of the bot off wherever it stands, and leaves others", async () => {
    const text = `<@${APP}>, ask <@4712> and <@!${APP}> again`;
    expect(await messageIn(slashCommand(sceneOf(), "ask", ask(text)))).toMatchObject({ text: "ask <@4712> and again" });
  });

  it("answers what is of one user's own business so that only they see it, outside of direct messages", async () => {
    const scene = at({ kind: "server", channel: "100" });
    for (const name of ["status", "memory", "help"]) {
      expect(await bodyOf(slashCommand(scene, name))).toEqual({ type: 5, data: { flags: 64 } });
    }
    expect(await bodyOf(slashCommand(scene, "reset"))).toEqual({ type: 5 });
    expect(await bodyOf(slashCommand(sceneOf(), "status"))).toEqual({ type: 5 });
  });

  it("gives the message of a message's menu as what is answered, with what is attached to it", async () => {
    const attachments = [
      { id: "1", filename: "a.ogg", size: 9, content_type: "audio/ogg", waveform: "x", duration_secs: 2.5 },
    ];
    const menu = messageMenu(sceneOf(), "Explain this", { content: "E = mc²", author: "Ben", attachments });
    expect(await messageIn(menu)).toMatchObject({
      text: "Explain this",
      quoted: { text: "E = mc²", author: "Ben" },
      attachments: [{ kind: "voice", name: "a.ogg", size: 9, mime: "audio/ogg", duration: 2.5 }],
    });
    const wordless = messageMenu(sceneOf(), "Explain this", { content: "", author: "Ben", attachments });
    expect(await messageIn(wordless)).not.toHaveProperty("quoted");
  });

  it.each([
    ["image/png", "image"],
    ["audio/mpeg", "audio"],
    ["video/mp4", "video"],
    ["application/pdf", "file"],
    [null, "file"],
  ])("describes a file of the type %s as %s", async (content_type, kind) => {
    const file = { id: "7", filename: "f", size: 1, url: "https://cdn.example.com/f", content_type };
    const options = [{ name: "file", type: 11, value: "7" }];
    const message = await messageIn(slashCommand(sceneOf(), "ask", options, { attachments: { 7: file } }));
    expect(message).toMatchObject({ text: "", attachments: [{ kind, name: "f", size: 1, handle: file.url }] });
  });

  it("says at once that nothing was said, or that it knows no such thing, and makes no message of it", async () => {
    const user = { ...slashCommand(sceneOf(), "Wave"), data: { name: "Wave", type: 2, target_id: "1" } };
    const empty = slashCommand(sceneOf(), "ask", ask(" "));
    const untold = { ...slashCommand(sceneOf(), "x"), data: { name: "Explain this", type: 3, target_id: "1" } };
    for (const [body, words] of [
      [empty, "There was nothing in that"],
      [user, "I don't know what to do with this"],
      [untold, "I don't know what to do with this"],
    ] as const) {
      expect((await receive(body)).messages).toEqual([]);
      expect(await bodyOf(body)).toMatchObject({
        type: 4,
        data: { content: expect.stringContaining(words), flags: 64 },
      });
    }
  });

  it("says which field is not as Discord gives it", async () => {
    const genuine = slashCommand(sceneOf(), "ask", ask("Hi"));
    for (const [body, field] of [
      [{ ...genuine, id: "x" }, "id"],
      [{ ...genuine, channel_id: undefined }, "channel_id"],
      [{ ...genuine, token: ".." }, "token"],
      [{ ...genuine, data: { ...genuine.data, options: [{ type: "3" }] } }, "data.options.0.type"],
      [{ ...genuine, user: undefined }, "user"],
    ] as const) {
      const refusal = await receive(body).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(WebhookError);
      expect(refusal).toMatchObject({ status: 400, field });
    }
  });
});

describe("discord, receiving what is no command,", () => {
  it("answers Discord's look at the address as it must be answered", async () => {
    const ping = { id: "1", application_id: APP, type: 1, token: "t", version: 1, entitlements: [], user: {} };
    expect(await receive(ping)).toEqual({
      messages: [],
      response: { status: 200, headers: { "content-type": "application/json" }, body: '{"type":1}' },
    });
    expect(await receive({ version: 1, application_id: APP, type: 0 })).toEqual({
      messages: [],
      response: { status: 204, headers: { "content-type": "application/json" } },
    });
    const forged = { ...discordCall(ping), body: Buffer.from("{}") };
    await expect(platform.receive(forged)).rejects.toMatchObject({ status: 401 });
  });

  it("leaves other people's buttons, menus and forms as they are", async () => {
    expect(await bodyOf(interactionOf(sceneOf(), 3, { custom_id: "b", component_type: 2 }))).toEqual({ type: 6 });
    expect(await bodyOf(interactionOf(sceneOf(), 4, { name: "ask" }))).toEqual({ type: 8, data: { choices: [] } });
    expect(await bodyOf(interactionOf(sceneOf(), 5, { custom_id: "f", components: [] }))).toMatchObject({ type: 4 });
    expect(await bodyOf(interactionOf(sceneOf(), 99, {}))).toMatchObject({ type: 4 });
  });

  it("reads a time with its zone and without", async () => {
    const data = { user: { id: "4711", username: "ana" } };
    for (const [timestamp, at] of [
      ["2024-10-18T14:42:53", "2024-10-18T14:42:53Z"],
      ["2024-10-18T14:42:53.000000+00:00", "2024-10-18T14:42:53Z"],
      ["2024-10-18T14:42:53-02:00", "2024-10-18T16:42:53Z"],
      ["2024-10-18T14:42:53Z", "2024-10-18T14:42:53Z"],
    ] as const) {
      const event = { type: "APPLICATION_DEAUTHORIZED", timestamp, data };
      const { chats } = await receive({ version: 1, application_id: APP, type: 1, event });
      expect(chats).toEqual([{ chat: { id: "4711", type: "dm" }, at: Date.parse(at) }]);
    }
    const event = { type: "APPLICATION_DEAUTHORIZED", timestamp: "soon", data };
    const { chats } = await receive({ version: 1, application_id: APP, type: 1, event });
    expect(chats).toEqual([{ chat: { id: "4711", type: "dm" } }]);
  });

  it("takes a user who takes the app off their account for gone from their direct messages", async () => {
    const user = { id: "4711", username: "ana", global_name: "Ana" };
    const event = { type: "APPLICATION_DEAUTHORIZED", timestamp: "2024-10-18T14:42:53.064834", data: { user } };
    expect(await receive({ version: 1, application_id: APP, type: 1, event })).toEqual({
      messages: [],
      chats: [{ chat: { id: "4711", type: "dm" }, at: Date.parse("2024-10-18T14:42:53.064Z") }],
      response: { status: 204, headers: { "content-type": "application/json" } },
    });
  });

  it("notes other events, and does nothing", async () => {
    const user = { id: "4711", username: "ana" };
    const data = { integration_type: 1, scopes: ["applications.commands"], user };
    const event = { type: "APPLICATION_AUTHORIZED", timestamp: "2024-10-18T14:42:53.064834", data };
    const { messages, chats } = await receive({ version: 1, application_id: APP, type: 1, event });
    expect([messages, chats]).toEqual([[], []]);
  });
});
