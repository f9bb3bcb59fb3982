import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { json } from "../../../../emulators/platforms/whatsapp/graphError.ts";
import { startWhatsAppFake, type WhatsAppFake } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { handshakeCall } from "../../../../emulators/platforms/whatsapp/webhookCall.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { whatsapp } from "../../../../lib/platforms/whatsapp/whatsapp.ts";
import { URL } from "./whatsappCall.ts";

describe("whatsapp's webhook", () => {
  let server: WhatsAppFake;
  let platform: Platform;
  beforeEach(async () => {
    server = await startWhatsAppFake();
    const { phoneNumberId, accountId, appId, token, appSecret } = server;
    const options = { phoneNumberId, accountId, appId, token: secret("TOKEN"), appSecret: secret("APP_SECRET") };
    const services = testServices({ TOKEN: token, APP_SECRET: appSecret });
    platform = whatsapp({ ...options, apiBase: server.url }).create(services);
  });
  afterEach(() => server.close());

  it("is set for the app and the account, with a token by which its handshake succeeds", async () => {
    expect(await platform.register?.(URL)).toBe(`Meta calls ${URL} for each message`);
    const { verify_token: token = "", ...rest } = server.subscription ?? {};
    expect(rest).toEqual({ object: "whatsapp_business_account", callback_url: URL, fields: "messages" });
    expect(server.isSubscribed).toBe(true);
    expect((await platform.receive(handshakeCall(token, "42", URL))).response?.body).toBe("42");
    expect(await platform.registered?.(URL)).toBe(true);
  });

  it("is unset for the account alone, as the app's address may be of other accounts, too", async () => {
    await platform.register?.(URL);
    expect(await platform.unregister?.()).toContain("calls no address");
    expect(server.subscription).toMatchObject({ callback_url: URL });
    expect(await platform.registered?.(URL)).toBe("the account's webhooks do not go to this app");
  });

  it.each([
    [{}, "Meta calls no address"],
    [{ data: [{ object: "page", callback_url: URL, active: true }] }, "Meta calls no address"],
    [{ data: [{ object: "whatsapp_business_account", callback_url: URL, active: false }] }, "Meta calls no address"],
    [
      { data: [{ object: "whatsapp_business_account", callback_url: "https://old.example.com/secret" }] },
      `Meta calls another address, at old.example.com, which is not ${URL}`,
    ],
    [
      { data: [{ object: "whatsapp_business_account", callback_url: URL, fields: [{ name: "calls" }] }] },
      "the app's webhook has no field messages",
    ],
  ])("tells what is wrong with it: %j", async (answer, problem) => {
    await platform.register?.(URL);
    server.failNext(1, json(200, { data: [], ...answer }));
    expect(await platform.registered?.(URL)).toBe(problem);
  });

  it("tells where the account has an address of its own for the app", async () => {
    await platform.register?.(URL);
    const app = { whatsapp_business_api_data: { id: server.appId }, override_callback_uri: "https://x.example.com/" };
    server.passNext(1);
    server.failNext(1, json(200, { data: [app] }));
    expect(await platform.registered?.(URL)).toContain("at x.example.com");
  });

  it("shows no secret in what goes wrong when it is set", async () => {
    const message = `(#2200) Callback verification failed: ${server.appSecret} ${server.token}`;
    server.failNext(1, json(400, { error: { message, type: "OAuthException", code: 2200 } }));
    const error = await failureOf(platform.register?.(URL) ?? Promise.resolve());
    expect(error.message).toContain("Callback verification failed");
    for (const value of [server.appSecret, server.token]) expect(everythingIn(error)).not.toContain(value);
  });
});
