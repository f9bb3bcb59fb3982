import { afterEach, beforeEach, expect, it } from "vitest";
import type { PlatformSimulator } from "../../../emulators/platforms/PlatformSimulator.ts";
import { startSimulator } from "../../../emulators/platforms/whatsapp/simulator.ts";
import { startWhatsAppFake } from "../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import type { Platform } from "../../../lib/adapter/Platform.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { secret } from "../../../lib/index.ts";
import { whatsapp } from "../../../lib/platforms/whatsapp/whatsapp.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";
import { redirectingClient } from "../../../lib/runtime/redirectingClient.ts";

const OPTIONS = {
  ...{ phoneNumberId: "106540352242922", accountId: "102290129340398", appId: "670843887433847" },
  ...{ token: secret("TOKEN"), appSecret: secret("APP_SECRET"), verifyToken: secret("VERIFY") },
};

const URL = "https://gateway.example.com/webhooks/whatsapp";

let simulator: PlatformSimulator;
let platform: Platform;
beforeEach(async () => {
  simulator = await startSimulator(OPTIONS);
  const services = { ...testServices(simulator.secrets), http: redirectingClient(nodeHttpClient, simulator.url) };
  platform = whatsapp(OPTIONS).create(services);
});
afterEach(() => simulator.close());

const ANN = { user: "Ann", conversation: "ann", chatType: "dm" } as const;

async function receive(said: Parameters<PlatformSimulator["call"]>[0]) {
  const { messages } = await platform.receive(simulator.call(said, URL));
  return messages;
}

it("writes as somebody in a chat of their own, by Meta's signed webhooks", async () => {
  const [first, second] = [await receive({ ...ANN, text: "héllo" }), await receive({ ...ANN, text: "/new tell me" })];
  expect([first, second]).toMatchObject([
    [{ text: "héllo", chat: { type: "dm" }, user: { name: "Ann" } }],
    [{ text: "tell me", command: "new", chat: first[0]?.chat }],
  ]);
  expect(second[0]?.messageId).not.toBe(first[0]?.messageId);
  expect((await receive({ ...ANN, conversation: "447700900001", text: "hi" }))[0]?.replyTo).toMatchObject({
    to: "447700900001",
  });
});

it("tells what was sent by the chats' names, as WhatsApp shows it", async () => {
  const [message] = await receive({ ...ANN, text: "hello" });
  const sending = { index: 0, isLast: true, key: "k", session: "s", conversation: "c" };
  await platform.send({ ...sending, text: "**Hello** to you", replyTo: message?.replyTo ?? null });
  await platform.send({ ...sending, text: "and you", replyTo: { to: "1555" } });
  expect(simulator.sent()).toMatchObject([
    { conversation: "ann", text: "*Hello* to you", body: { type: "text" } },
    { conversation: "1555", text: "and you" },
  ]);
});

it("takes no secrets but its own", async () => {
  expect(Object.keys(simulator.secrets)).toEqual(["TOKEN", "APP_SECRET", "VERIFY"]);
  const others = testServices({ ...simulator.secrets, TOKEN: "EAAother" });
  const other = whatsapp(OPTIONS).create({ ...others, http: redirectingClient(nodeHttpClient, simulator.url) });
  await expect(other.registered?.(URL)).rejects.toMatchObject({ kind: "auth" });
});

it("refuses what the Cloud API would refuse, in its own words", async () => {
  const fake = await startWhatsAppFake();
  const post = async (body: unknown, path = `/v26.0/${fake.phoneNumberId}/messages`, token = fake.token) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const response = await fetch(`${fake.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const { error } = (await response.json()) as { error?: { code: number; error_data?: { details: string } } };
    return error && `${error.code} ${error.error_data?.details ?? ""}`.trim();
  };
  const text = { messaging_product: "whatsapp", to: "1555", type: "text", text: { body: "hi" } };
  expect(await post(text)).toBeUndefined();
  expect(await post({ ...text, tpye: "text" })).toMatch(/^100 .*"tpye"/);
  expect(await post({ ...text, to: "ann" })).toMatch(/^100 .*"to"/);
  expect(await post({ ...text, to: undefined })).toBe("100 The parameter to is required.");
  expect(await post({ ...text, text: { body: "" } })).toMatch(/^100 .*"text.body"/);
  expect(await post({ ...text, text: { body: "x".repeat(4097) } })).toContain("at most 4096 characters");
  expect(await post({ ...text, biz_opaque_callback_data: "é".repeat(257) })).toMatch(/^100/);
  expect(await post({ messaging_product: "whatsapp", status: "read", message_id: "m1" })).toMatch(/^100/);
  expect(await post(text, "/v26.0/1/messages")).toBe("100");
  expect(await post(text, "/messages")).toMatch(/^100 Unknown path/);
  expect(await post(text, undefined, "EAA")).toBe("190");
  await fake.close();
});
