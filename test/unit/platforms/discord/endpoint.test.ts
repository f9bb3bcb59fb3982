import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApplicationKey } from "../../../../emulators/platforms/discord/interactions.ts";
import { type DiscordFake, startDiscordFake } from "../../../../emulators/platforms/discord/startDiscordFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { discord } from "../../../../lib/platforms/discord/discord.ts";
import { knownSecrets } from "../../../../lib/runtime/knownSecrets.ts";
import { APP, KEY } from "./discordCall.ts";

const URL = "https://gateway.example.com/webhooks/discord";

let takesPings: boolean;
let fake: DiscordFake;
beforeEach(async () => {
  takesPings = true;
  fake = await startDiscordFake({ app: APP, key: KEY, takesPings: () => takesPings });
});
afterEach(() => fake.close());

/** As the command line builds it: what a secret is, is hidden in answers. */
function platformWith(key = KEY.publicKey) {
  const services = testServices({ KEY: key, BOT: fake.botToken });
  const secrets = knownSecrets(services.secrets);
  const http = secrets.redactingClient(services.http);
  const options = { publicKey: secret("KEY"), token: secret("BOT"), apiBase: fake.apiBase };
  return discord(options).create({ ...services, secrets, http });
}

describe("discord, told the address,", () => {
  it("calls it for interactions and for what happens to the app, and offers the commands, however often", async () => {
    const { register, registered } = platformWith(KEY.publicKey.toUpperCase());
    for (const _ of [1, 2]) {
      expect(await register?.(URL)).toBe(
        `Discord calls ${URL} for each of 8 commands; add the app to a server at https://discord.com/oauth2/authorize?client_id=${APP}`,
      );
    }
    expect(fake.application()).toMatchObject({
      ...{ interactions_endpoint_url: URL, event_webhooks_url: URL, event_webhooks_status: 2 },
      event_webhooks_types: ["APPLICATION_DEAUTHORIZED"],
    });
    expect(fake.commands().map(({ name }) => name)).toEqual([
      ...["ask", "new", "reset", "retry", "memory", "status", "help", "Explain this"],
    ]);
    expect(await registered?.(URL)).toBe(true);
  });

  it("says why Discord does not take it, and registers no command", async () => {
    takesPings = false;
    await expect(platformWith().register?.(URL)).rejects.toThrow(
      "Discord answered 400 (50035): Invalid Form Body (interactions_endpoint_url: The specified interactions endpoint url could not be verified.)",
    );
    expect(fake.commands()).toEqual([]);
  });

  it("says when the key is of another application, before Discord is told anything", async () => {
    const { register, registered } = platformWith(createApplicationKey().publicKey);
    await expect(register?.(URL)).rejects.toThrow("publicKey is not that of the bot's application");
    expect(await registered?.(URL)).toContain("publicKey is not that of the bot's application");
    expect(fake.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
  });

  it("says what differs from what was told", async () => {
    const { register, registered, unregister } = platformWith();
    expect(await registered?.(URL)).toBe("Discord calls no address");
    await register?.("https://other.example.com/secret-path");
    expect(await registered?.(URL)).toBe(`Discord calls another address, at other.example.com, which is not ${URL}`);
    await register?.(URL);
    const bot = { "user-agent": "DiscordBot (test, 1)", authorization: `Bot ${fake.botToken}` };
    const json = { ...bot, "content-type": "application/json" };
    await fetch(`${fake.apiBase}/applications/${APP}/commands`, { method: "PUT", headers: json, body: "[]" });
    expect(await registered?.(URL)).toBe("Discord offers other commands than these");
    const body = JSON.stringify({ event_webhooks_status: 1 });
    await fetch(`${fake.apiBase}/applications/@me`, { method: "PATCH", headers: json, body });
    expect(await registered?.(URL)).toContain("does not tell of users");
    expect(await unregister?.()).toBe("Discord calls no address and offers no command");
    expect(await registered?.(URL)).toBe("Discord calls no address");
  });

  it("says of which forms its secrets are, and that anybody can write", () => {
    const adapter = discord({ publicKey: secret("KEY"), token: secret("BOT") });
    const [key, token] = adapter.secrets().map(({ form }) => form);
    const matches = (form: typeof key, values: readonly string[]) => values.map((value) => form?.matches(value));
    const keys = [KEY.publicKey, `${KEY.publicKey}0`, `0${KEY.publicKey}`, KEY.publicKey.replace(/./, "g")];
    expect(matches(key, keys)).toEqual([true, false, false, false]);
    const bot = fake.botToken;
    expect(matches(token, [bot, `Bot ${bot}`, `${bot}\n`, bot.replace(".", "")])).toEqual([true, false, false, false]);
    expect(adapter).toMatchObject({ kind: "discord", isPublic: true });
  });

  it("can't be told without the bot's token", async () => {
    const platform = discord({ publicKey: secret("KEY") }).create(testServices({ KEY: KEY.publicKey }));
    for (const name of ["register", "registered", "unregister"] as const) expect(platform[name]).toBeUndefined();
  });
});
