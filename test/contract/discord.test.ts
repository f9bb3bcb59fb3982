import { describe, it } from "vitest";
import {
  createApplicationKey,
  messageMenu,
  slashCommand,
  snowflake,
} from "../../emulators/platforms/discord/interactions.ts";
import { startDiscordFake } from "../../emulators/platforms/discord/startDiscordFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import type { PlatformExtras } from "../../lib/adapter/testing/platformExtrasConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { discord } from "../../lib/platforms/discord/discord.ts";
import { APP, discordCall, KEY, sayCommand, sceneOf, TOKEN } from "../unit/platforms/discord/discordCall.ts";

/** When all interactions of a test are given: a redelivery has the same id. */
const AT = Math.floor(Date.now() / 1000) * 1000;

const scene = (number: number) => sceneOf({ id: snowflake(AT, number) });

const EXTRAS: PlatformExtras = {
  drafts: true,
  answering: ({ number, text }, quoted) =>
    discordCall(messageMenu(scene(number), text, { content: quoted.text, author: quoted.author })),
  picture: ({ number, text }, size) => {
    const file = {
      id: "42",
      filename: "cat.png",
      size,
      url: "https://cdn.example.com/cat.png",
      content_type: "image/png",
    };
    const options = [
      ...(text === "" ? [] : [{ name: "text", type: 3, value: text }]),
      { name: "file", type: 11, value: "42" },
    ];
    return discordCall(slashCommand(scene(number), "ask", options, { attachments: { 42: file } }));
  },
};

platformConformance(
  { describe, it },
  "discord",
  async () => {
    const server = await startDiscordFake({ app: APP, key: KEY });
    const services = testServices({ KEY: KEY.publicKey, BOT: server.botToken });
    const options = { publicKey: secret("KEY"), token: secret("BOT"), apiBase: server.apiBase };
    return {
      platform: discord(options).create(services),
      secretsRead: () => services.secrets.asked,
      call: ({ number, text, user }) => {
        const interaction = sayCommand({ ...scene(number), user: { id: user } }, text);
        server.begin(interaction);
        server.answered(interaction.token, 200, '{"type":5}');
        return discordCall(interaction);
      },
      callWith: (body) => discordCall(body),
      forgeries: (genuine) => ({
        "no headers": { ...genuine, headers: {} },
        "another body": { ...genuine, body: Buffer.concat([genuine.body, Buffer.from(" ")]) },
        "another key": discordCall(genuine.body, Date.now(), createApplicationKey()),
        "too old": discordCall(genuine.body, Date.now() - 400_000),
        "from the future": discordCall(genuine.body, Date.now() + 400_000),
        "another time": {
          ...genuine,
          headers: { ...genuine.headers, "x-signature-timestamp": String(Math.floor(Date.now() / 1000) - 7) },
        },
        "a short signature": { ...genuine, headers: { ...genuine.headers, "x-signature-ed25519": "00" } },
        "no hexadecimal": { ...genuine, headers: { ...genuine.headers, "x-signature-ed25519": "z".repeat(128) } },
      }),
      server,
      sent: () => server.messages.map(({ content }) => content),
      standing: () => server.messages.map(({ content }) => content),
      limit: 2_000,
      secrets: [server.botToken, TOKEN],
      close: () => server.close(),
    };
  },
  EXTRAS,
);
