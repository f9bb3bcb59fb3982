import { describe, expect, it } from "vitest";
import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { messagesValue, webhookOf } from "../../../../emulators/platforms/whatsapp/webhookCall.ts";
import { one, receive, received } from "./receiveWhatsapp.ts";
import { ANA, bodyOf, messageOf } from "./whatsappCall.ts";

const { accountId } = IDS;

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
});
