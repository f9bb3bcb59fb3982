import TwilioSdk from "twilio";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, startTwilioFake, type TwilioFake } from "../../emulators/platforms/twilio/startTwilioFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { twilio } from "../../lib/platforms/twilio/twilio.ts";
import { ADDRESS, formOf, sidOf, twilioCall } from "../unit/platforms/twilio/twilioCall.ts";

const { accountSid, authToken, number } = ACCOUNT;

function platformOf(server: TwilioFake, services = testServices({ AUTH_TOKEN: authToken })) {
  const options = { accountSid, authToken: secret("AUTH_TOKEN"), number, apiBase: server.url };
  return twilio(options).create(services);
}

const chunk = (text: string, to = "+14155550199") => ({
  ...{ text, index: 0, isLast: true, replyTo: { to }, key: "k", session: "s", conversation: "c", inReplyTo: "d" },
});

// An SMS tells neither what it answers nor of whom its words are; it has no groups, and nobody corrects one.
platformConformance({ describe, it }, "twilio", async () => {
  const server = await startTwilioFake();
  const services = testServices({ AUTH_TOKEN: authToken });
  return {
    platform: platformOf(server, services),
    secretsRead: () => services.secrets.asked,
    call: ({ number: count, text, user }) => twilioCall(formOf({ MessageSid: sidOf(count), Body: text, From: user })),
    callWith: (body) => twilioCall(body),
    forgeries: (genuine) => {
      const signed = genuine.headers["x-twilio-signature"] ?? "";
      const withSignature = (signature: string) => ({
        ...genuine,
        headers: { ...genuine.headers, "x-twilio-signature": signature },
      });
      return {
        missing: { ...genuine, headers: {} },
        empty: withSignature(""),
        short: withSignature(signed.slice(0, -1)),
        "of another address": { ...genuine, url: `${ADDRESS}/` },
        "of another body": { ...genuine, body: Buffer.from(`${genuine.body}&More=1`) },
        "of nothing": withSignature(`${"A".repeat(27)}=`),
      };
    },
    server,
    sent: () => server.sent.map(({ body }) => body),
    limit: 1600,
    secrets: [authToken],
    close: () => server.close(),
  };
});

describe("twilio", () => {
  let server: TwilioFake;
  beforeEach(async () => {
    server = await startTwilioFake();
  });
  afterEach(() => server.close());

  it("sends as the official library does: the same method, path, parameters and credentials", async () => {
    const theirs: Record<string, unknown>[] = [];
    const httpClient = {
      request: async (options: Record<string, unknown>) => {
        theirs.push(options);
        return { statusCode: 201, body: { sid: sidOf(1) } };
      },
    };
    const library = TwilioSdk(accountSid, authToken, { httpClient: httpClient as never });
    await library.messages.create({ to: "+14155550199", from: number, body: "Zoë & 李?" });
    await platformOf(server).send(chunk("Zoë & 李?"));

    const [ours] = server.requests;
    const [call] = theirs;
    expect(ours?.method).toBe(String(call?.method).toUpperCase());
    expect(ours?.path).toBe(new URL(String(call?.uri)).pathname);
    expect(Object.fromEntries(new URLSearchParams(ours?.body))).toEqual(call?.data);
    const credentials = Buffer.from(`${call?.username}:${call?.password}`).toString("base64");
    expect(ours?.headers.authorization).toBe(`Basic ${credentials}`);
  });

  it("is called as the official library lets pass", () => {
    const form = formOf({ Body: "Zoë & 李?" });
    const call = twilioCall(form, `${ADDRESS}?a=1`);
    const signature = call.headers["x-twilio-signature"] ?? "";
    expect(TwilioSdk.validateRequest(authToken, signature, `${ADDRESS}?a=1`, form)).toBe(true);
  });

  it.each([
    [21610, { kind: "gone", chatIsGone: true }],
    [21211, { kind: "gone", chatIsGone: true }],
    [21612, { kind: "gone", chatIsGone: false }],
    [21408, { kind: "auth", retry: false }],
    [20429, { kind: "throttled", retry: true }],
    [63038, { kind: "quota", retry: true }],
    [99999, { kind: "invalid", retry: false }],
  ])("takes the error %i for what it is, and repeats nobody's number", async (code, fields) => {
    server.refuse("+14155550199", code);
    const failure = await platformOf(server)
      .send(chunk("Hi"))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject(fields);
    expect(String(failure)).not.toContain("4155550199");
  });

  it("sets, tells and takes away the number's address", async () => {
    const platform = platformOf(server);
    expect(await platform.registered?.(ADDRESS)).toContain("no address is set");
    await platform.register?.(ADDRESS);
    expect(server.smsUrl).toBe(ADDRESS);
    expect(await platform.registered?.(ADDRESS)).toBe(true);
    expect(await platform.registered?.("https://other.example.com")).toContain(ADDRESS);
    await platform.unregister?.();
    expect(server.smsUrl).toBe("");
  });

  it("says of a number that the account does not have what to correct", async () => {
    const options = { accountSid, authToken: secret("AUTH_TOKEN"), number: "+14155550111", apiBase: server.url };
    const platform = twilio(options).create(testServices({ AUTH_TOKEN: authToken }));
    await expect(platform.register?.(ADDRESS)).rejects.toThrow('correct "number" in the config');
  });
});
