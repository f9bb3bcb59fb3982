import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { handshakeCall } from "../../../../emulators/platforms/whatsapp/webhookCall.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";
import { signatureOf } from "../../../../lib/platforms/whatsapp/signature.ts";
import { create, receive } from "./receiveWhatsapp.ts";
import { bodyOf, messageOf, URL, whatsappCall } from "./whatsappCall.ts";

describe("whatsapp, called by Meta,", () => {
  it("checks the signature as Meta makes it: the construction of GitHub's published vector", async () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    expect(signatureOf(Buffer.from("Hello, World!"), "It's a Secret to Everybody")).toBe(signature);
    const call = whatsappCall("Hello, World!");
    await expect(create().platform.receive(call)).rejects.toMatchObject({ status: 400 });
    const forged = { ...call, headers: { "x-hub-signature-256": signature } };
    await expect(create().platform.receive(forged)).rejects.toMatchObject({ status: 401 });
  });

  it("checks the exact bytes: with the characters escaped as Meta escapes them, and as they are", async () => {
    const body = JSON.stringify(bodyOf(messageOf({ text: { body: "Zoë" } })));
    for (const text of [body, body.replace("ë", "\\u00eb"), ` ${body}\n`]) {
      expect((await receive(text)).messages[0]?.text).toBe("Zoë");
    }
  });
});

describe("whatsapp, asked by Meta whether it wants webhooks,", () => {
  const derived = createHmac("sha256", IDS.appSecret).update("vesper webhook").digest("hex");

  it("answers the challenge, by a token that is made of the app secret, or by its own", async () => {
    for (const [token, more] of [
      [derived, {}],
      ["my token", { verifyToken: secret("VERIFY") }],
    ] as const) {
      const { platform } = create({ VERIFY: "my token" }, more);
      expect(await platform.receive(handshakeCall(token, "1158201444", URL))).toEqual({
        messages: [],
        response: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "1158201444" },
      });
    }
  });

  it.each([
    ["no query", {}],
    ["another token", { "hub.verify_token": "x" }],
    ["no token", { "hub.verify_token": "" }],
    ["another mode", { "hub.mode": "unsubscribe" }],
    ["no challenge", { "hub.challenge": "" }],
    ["a page for a challenge", { "hub.challenge": "<script>alert(1)</script>" }],
  ])("refuses with 401: %s", async (what, changes) => {
    const { platform, services } = create();
    const call: WebhookRequest = handshakeCall(derived, "1158201444", URL);
    const query = what === "no query" ? {} : { ...call.query, ...changes };
    await expect(platform.receive({ ...call, query })).rejects.toMatchObject({ status: 401 });
    expect(services.secrets.asked).toBe(what === "another token" ? 1 : 0);
  });
});
