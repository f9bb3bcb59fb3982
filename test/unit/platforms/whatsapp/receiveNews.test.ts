import { describe, expect, it } from "vitest";
import { IDS } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { messagesValue, webhookOf } from "../../../../emulators/platforms/whatsapp/webhookCall.ts";
import { create, receive, received } from "./receiveWhatsapp.ts";
import { ANA, bodyOf, messageOf, statusesOf, whatsappCall } from "./whatsappCall.ts";

describe("whatsapp, called by Meta,", () => {
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
});
