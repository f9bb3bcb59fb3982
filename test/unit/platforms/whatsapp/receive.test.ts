import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { handshakeCall, messagesValue, webhookOf } from "../../../../emulators/platforms/whatsapp/webhookCall.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { signatureOf } from "../../../../lib/platforms/whatsapp/signature.ts";
import { whatsapp } from "../../../../lib/platforms/whatsapp/whatsapp.ts";
import { ANA, bodyOf, messageOf, statusesOf, URL, whatsappCall } from "./whatsappCall.ts";

const { phoneNumberId, accountId, appId } = IDS;
const OPTIONS = { phoneNumberId, accountId, appId, token: secret("TOKEN"), appSecret: secret("APP_SECRET") };

function create(values: Readonly<Record<string, string>> = {}, more: { verifyToken?: { secret: string } } = {}) {
  const services = testServices({ TOKEN: IDS.token, APP_SECRET: IDS.appSecret, ...values });
  return { services, platform: whatsapp({ ...OPTIONS, ...more }).create(services) };
}

const receive = (body: unknown) => create().platform.receive(whatsappCall(body));
const received = async (changes: Readonly<Record<string, unknown>>) => receive(bodyOf(messageOf(changes)));
const one = async (changes: Readonly<Record<string, unknown>>) => (await received(changes)).messages[0];

describe("whatsapp, called by Meta,", () => {
  it("gives a text with who wrote it, where, when, and until when it can be answered", async () => {
    expect(await receive(bodyOf(messageOf({ text: { body: "Zoë 👋" } })))).toEqual({
      messages: [
        {
          messageId: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
          ref: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
          sentAt: 1_772_366_400_000,
          chat: { id: ANA.from_user_id, type: "dm" },
          mayHaveMoved: true,
          user: { id: ANA.from_user_id, name: "Ana Lima" },
          role: "user",
          text: "Zoë 👋",
          origin: "chat",
          replyTo: {
            to: ANA.from,
            user: ANA.from_user_id,
            message: "wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
          },
          replyUntil: 1_772_452_800_000,
        },
      ],
      chats: [],
      undelivered: [],
      response: { status: 200 },
    });
  });

  it("knows somebody by their number in webhooks without an id, and by their id where the number is hidden", async () => {
    expect(await one({ from_user_id: undefined })).toMatchObject({
      ...{ chat: { id: ANA.from }, user: { id: ANA.from, name: "Ana Lima" } },
      replyTo: { to: ANA.from },
    });
    const hidden = await one({ from: undefined });
    expect(hidden).toMatchObject({ user: { id: ANA.from_user_id }, replyTo: { user: ANA.from_user_id } });
    expect(hidden?.replyTo).not.toHaveProperty("to");
    for (const id of ["", "a b", "\ufffe", "x".repeat(257)]) {
      await expect(received({ from_user_id: id })).rejects.toMatchObject({ status: 400 });
    }
    await expect(received({ from: undefined, from_user_id: undefined })).rejects.toMatchObject({
      ...{ status: 400, field: "from" },
    });
  });

  it("calls somebody without a profile's name by their user name, and on one line", async () => {
    const named = (profile: object) => {
      const contacts = [{ profile, user_id: ANA.from_user_id }];
      return receive(webhookOf(IDS, messagesValue(IDS, { contacts, messages: [messageOf()] })));
    };
    expect((await named({ username: "ana.lima" })).messages[0]?.user?.name).toBe("ana.lima");
    expect((await named({ name: "Ana\n\u0000Lima " })).messages[0]?.user?.name).toBe("Ana Lima");
    expect((await named({})).messages[0]?.user).toEqual({ id: ANA.from_user_id });
  });

  it("gives each message of a batch: of several entries, changes and messages", async () => {
    const value = (...ids: readonly string[]) =>
      messagesValue(IDS, { messages: ids.map((id) => messageOf({ id, text: { body: id } })) });
    const [first, second] = [webhookOf(IDS, value("wamid.1", "wamid.2")), webhookOf(IDS, value("wamid.3"))];
    const changes = [
      { field: "messages", value: value("wamid.4") },
      { field: "messages", value: value("wamid.5") },
    ];
    const entry = [first, second].flatMap((body) => body.entry as object[]);
    const { messages } = await receive({ ...first, entry: [...entry, { id: accountId, changes }] });
    expect(messages.map(({ text }) => text)).toEqual(["wamid.1", "wamid.2", "wamid.3", "wamid.4", "wamid.5"]);
  });

  const DONE = { messages: [], chats: [], undelivered: [], response: { status: 200 } };

  const reaction = { message_id: "wamid.1", emoji: "👍" };
  const template = { event: "APPROVED", message_template_id: 1, message_template_name: "hello", reason: "NONE" };
  const echo = { from: "15550783881", to: ANA.from, id: "wamid.2", timestamp: "1772366400", type: "text" };
  const ignored: readonly (readonly [string, unknown])[] = [
    [
      "another number of the same app",
      webhookOf(IDS, messagesValue({ phoneNumberId: "1" }, { messages: [messageOf()] })),
    ],
    ["a reaction", bodyOf(messageOf({ type: "reaction", reaction }))],
    ["a reaction that is taken back", bodyOf(messageOf({ type: "reaction", reaction: { message_id: "wamid.1" } }))],
    ["a message that is deleted", bodyOf(messageOf({ type: "revoke", revoke: { original_message_id: "wamid.1" } }))],
    ["somebody who opens the chat", bodyOf(messageOf({ type: "request_welcome" }))],
    ["a group", bodyOf(messageOf({ group_id: "Y2FwaV9ncm91cDo=" }))],
    [
      "a permission to call",
      bodyOf(
        messageOf({ type: "interactive", interactive: { type: "call_permission_reply", call_permission_reply: {} } }),
      ),
    ],
    [
      "a key that has changed",
      bodyOf(messageOf({ type: "system", system: { type: "customer_identity_changed", body: "…" } })),
    ],
    [
      "a template's review",
      { ...bodyOf(), entry: [{ changes: [{ field: "message_template_status_update", value: template }] }] },
    ],
    [
      "what the owner writes in the Business app",
      { ...bodyOf(), entry: [{ changes: [{ field: "smb_message_echoes", value: { message_echoes: [echo] } }] }] },
    ],
    ["another product of the app", { object: "page", entry: [{ changes: [{ field: "feed", value: {} }] }] }],
    [
      "an edit without words",
      bodyOf(messageOf({ type: "edit", edit: { original_message_id: "w", message: { type: "image", image: {} } } })),
    ],
    ...["sent", "delivered", "read", "played"].map((status): readonly [string, unknown] => [
      `the status ${status}`,
      statusesOf({ id: "wamid.1", status, timestamp: "1772366460", recipient_id: ANA.from }),
    ]),
  ];

  it.each(ignored)("ignores %s on purpose", async (_, body) => {
    expect(await receive(body)).toEqual(DONE);
  });

  it("tells of a failed delivery by what went along with the piece", async () => {
    const data = JSON.stringify(["key", "S1", "default/whatsapp/ana//"]);
    const failed = {
      id: "wamid.1",
      status: "failed",
      timestamp: "1772366460",
      errors: [{ code: 131_047, title: "…" }],
    };
    const news = { id: "wamid.1", key: "key", session: "S1", conversation: "default/whatsapp/ana//", kind: "gone" };
    const told = async (changes: object) =>
      (await receive(statusesOf({ ...failed, biz_opaque_callback_data: data, ...changes }))).undelivered;
    expect(await told({ recipient_id: ANA.from })).toEqual([{ ...news, replyTo: { to: ANA.from } }]);
    expect(await told({ recipient_user_id: ANA.from_user_id })).toEqual([
      { ...news, replyTo: { user: ANA.from_user_id } },
    ]);
    expect(await told({ recipient_id: ANA.from, errors: undefined })).toMatchObject([{ kind: "transient" }]);
    expect(await told({})).toEqual([]);
    for (const other of [
      undefined,
      "campaign-7",
      "[]",
      '["a","b"]',
      '["","",""]',
      "{",
      '["\\ud800","b","c"]',
      '["\\ufffe","b","c"]',
    ]) {
      expect(await told({ recipient_id: ANA.from, biz_opaque_callback_data: other }), other).toEqual([]);
    }
  });

  it("logs the code of an error that Meta tells of the number as a whole", async () => {
    const { platform, services } = create();
    const errors = [{ code: 130_429, title: "Rate limit hit", message: "…", error_data: { details: "…" } }];
    await platform.receive(whatsappCall(webhookOf(IDS, messagesValue(IDS, { errors }))));
    expect(services.logged).toEqual([{ event: "whatsapp.error", fields: { code: 130_429 } }]);
  });

  it("takes the chat of somebody along who has another number, and so another id", async () => {
    const system = {
      type: "user_changed_number",
      body: "…",
      wa_id: "447700900001",
      user_id: "GB.2",
      previous_user_id: "US.1",
    };
    const moved = (changes: object) =>
      received({ from_user_id: undefined, type: "system", system: { ...system, ...changes } });
    const at = 1_772_366_400_000;
    expect((await moved({})).chats).toEqual([{ chat: { id: "US.1", type: "dm" }, movedTo: "GB.2", at }]);
    const old = await moved({ user_id: undefined, previous_user_id: undefined });
    expect(old).toMatchObject({ messages: [], chats: [{ chat: { id: ANA.from }, movedTo: "447700900001" }] });
  });

  it("gives an edit as the correction of the message that it names", async () => {
    const edit = {
      original_message_id: "wamid.1",
      message: { type: "text", text: { body: "tea" }, context: { id: "wamid.0" } },
    };
    const message = await one({ type: "edit", id: "wamid.2", edit });
    expect(message).toMatchObject({ messageId: "wamid.2", edits: "wamid.1", text: "tea" });
    expect(message).not.toHaveProperty("ref");
  });

  it.each([
    [{ type: "button_reply", button_reply: { id: "b1", title: "Yes" } }, "Yes"],
    [{ type: "list_reply", list_reply: { id: "l1", title: "Tea", description: "black" } }, "Tea\nblack"],
    [{ type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: '{"size":"L"}' } }, '{"size":"L"}'],
  ])("takes what is chosen for the user's words: %j", async (interactive, text) => {
    expect(await one({ type: "interactive", interactive, context: { id: "wamid.0", from: "1" } })).toMatchObject({
      text,
    });
  });

  it("takes a template's button for the user's words, and a command in them for one", async () => {
    expect(await one({ type: "button", button: { text: "/reset", payload: "p" } })).toMatchObject({ command: "reset" });
  });

  it("marks forwarded words, and takes none of them for a command", async () => {
    for (const context of [{ forwarded: true }, { frequently_forwarded: true }]) {
      const message = await one({ context, text: { body: "/reset" } });
      expect(message).toMatchObject({ text: "/reset", forwarded: {} });
      expect(message).not.toHaveProperty("command");
    }
  });

  it("gives no words for what a message answers, of which the Cloud API tells the id alone", async () => {
    expect(await one({ context: { from: "15550783881", id: "wamid.0" } })).not.toHaveProperty("quoted");
  });

  it("gives the ad or the product by which somebody came apart from their words", async () => {
    const referral = {
      source_url: "https://fb.me/1",
      source_type: "ad",
      headline: "Tea",
      body: "Fresh",
      media_type: "image",
    };
    expect(await one({ referral })).toMatchObject({ text: "Hello", quoted: { text: "Tea\nFresh\nhttps://fb.me/1" } });
    const context = { referred_product: { catalog_id: "c", product_retailer_id: "di9ozbzfi4" } };
    expect(await one({ context })).toMatchObject({ quoted: { text: "product di9ozbzfi4" } });
  });

  const file = { id: "4711", mime_type: "image/jpeg", sha256: "…" };
  it.each([
    ["image", { ...file, caption: "My cat" }, { kind: "image", mime: "image/jpeg", handle: "4711" }, "My cat"],
    ["video", { id: "v" }, { kind: "video", handle: "v" }, ""],
    [
      "audio",
      { id: "a", voice: true, mime_type: "audio/ogg; codecs=opus" },
      { kind: "voice", mime: "audio/ogg; codecs=opus", handle: "a" },
      "",
    ],
    ["audio", { id: "a", voice: false }, { kind: "audio", handle: "a" }, ""],
    [
      "document",
      { id: "d", filename: "a b.pdf", caption: "Read" },
      { kind: "file", name: "a b.pdf", handle: "d" },
      "Read",
    ],
    ["sticker", { id: "s", animated: false }, { kind: "sticker", handle: "s" }, ""],
    [
      "location",
      { latitude: 37.44, longitude: -122.16, name: "Shop", address: "1 Rd" },
      { kind: "location", name: "Shop, 1 Rd, 37.44, -122.16" },
      "",
    ],
    ["location", { latitude: "1", longitude: "2" }, { kind: "location", name: "1, 2" }, ""],
    ["order", { catalog_id: "c", text: "Two", product_items: [] }, { kind: "other" }, "Two"],
    ["poll_creation", {}, { kind: "other" }, ""],
    ["interactive", { type: "something_new" }, { kind: "other" }, ""],
  ])("describes what comes without words, or beside them: %s %j", async (type, content, attachment, text) => {
    expect(await one({ type, [type]: content })).toMatchObject({ text, attachments: [attachment] });
  });

  it("describes each contact card of a message", async () => {
    const contacts = [
      {
        name: { formatted_name: "Ben Stone", first_name: "Ben" },
        phones: [{ phone: "+1 555", wa_id: "1555", type: "HOME" }],
      },
      { name: {} },
    ];
    expect((await one({ type: "contacts", contacts }))?.attachments).toEqual([
      { kind: "contact", name: "Ben Stone +1 555" },
      { kind: "contact" },
    ]);
  });

  it("lets nobody be met with silence whose message Meta could not read", async () => {
    const errors = [{ code: 131_051, title: "Message type unknown", message: "…", error_data: { details: "…" } }];
    expect(await one({ type: "unsupported", unsupported: { type: "poll" }, errors })).toMatchObject({
      attachments: [{ kind: "other" }],
    });
  });

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
