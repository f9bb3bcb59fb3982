import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../../emulators/platforms/twilio/startTwilioFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { toPlain } from "../../../../lib/adapter/text/toPlain.ts";
import { signatureOf } from "../../../../lib/platforms/twilio/signature.ts";
import { twilio } from "../../../../lib/platforms/twilio/twilio.ts";
import { ADDRESS, formOf, sidOf, twilioCall } from "./twilioCall.ts";

const { accountSid, authToken, number } = ACCOUNT;
const options = { accountSid, authToken: secret("AUTH_TOKEN"), number };
const create = (more = {}) => twilio({ ...options, ...more }).create(testServices({ AUTH_TOKEN: authToken }));
const receive = (changes = {}) => create().receive(twilioCall(formOf(changes)));

it("signs as the example of Twilio's documentation", () => {
  const parameters = new URLSearchParams({
    ...{ CallSid: "CA1234567890ABCDE", Caller: "+14158675309", Digits: "1234" },
    ...{ From: "+14158675309", To: "+18005551212" },
  });
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  expect(signatureOf("12345", url, parameters)).toBe("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
});

describe("a call of Twilio's", () => {
  it("is a message of the number that sent it, answered without a word", async () => {
    expect(await receive()).toEqual({
      messages: [
        {
          ...{ messageId: sidOf(1), chat: { id: "+14155550199", type: "dm" }, user: { id: "+14155550199" } },
          ...{ role: "user", origin: "chat", text: "Hello", replyTo: { to: "+14155550199" } },
        },
      ],
      response: { status: 200, headers: { "content-type": "text/xml" }, body: "<Response/>" },
    });
  });

  it("is signed over the address that was called, query included", async () => {
    const call = twilioCall(formOf(), `${ADDRESS}?from=number`);
    expect((await create().receive(call)).messages).toHaveLength(1);
    await expect(create().receive({ ...call, url: ADDRESS })).rejects.toMatchObject({ status: 401 });
  });

  it("is signed over the address that is set at Twilio, where the config says that it is another", async () => {
    const publicUrl = "https://bots.example.com/sms";
    const call = { ...twilioCall(formOf(), `${publicUrl}?a=1`), url: `${ADDRESS}?a=1` };
    expect((await create({ publicUrl }).receive(call)).messages).toHaveLength(1);
    await expect(create().receive(call)).rejects.toMatchObject({ status: 401 });
  });

  it("brings media with their type and the address at which they may be fetched", async () => {
    const media = { MediaUrl0: "https://api.twilio.com/m/0", MediaContentType0: "image/jpeg" };
    const file = { MediaUrl1: "https://api.twilio.com/m/1", MediaContentType1: "application/pdf" };
    const { messages } = await receive({ Body: "", NumMedia: "2", ...media, ...file });
    expect(messages[0]?.attachments).toEqual([
      { kind: "image", mime: "image/jpeg", handle: "https://api.twilio.com/m/0" },
      { kind: "file", mime: "application/pdf", handle: "https://api.twilio.com/m/1" },
    ]);
  });

  it.each(["STOP", " stop ", "Unsubscribe", "QUIT"])(
    "tells by %j that nobody can be reached there any more",
    async (Body) => {
      const { messages, chats } = await receive({ Body });
      expect([messages, chats]).toEqual([[], [{ chat: { id: "+14155550199", type: "dm" } }]]);
    },
  );

  it("takes a sentence with such a word for a sentence", async () => {
    expect((await receive({ Body: "Please stop the music" })).messages).toHaveLength(1);
  });

  it.each([
    ["to another number", { To: "+14155550111" }],
    ["that Twilio answers itself", { Body: "HELP", OptOutType: "HELP" }],
    ["without anything in it", { Body: " " }],
  ])("%s brings nothing", async (_, changes) => {
    expect(await receive(changes)).toMatchObject({ messages: [] });
  });

  it.each([
    [{ MessageSid: "1" }, "MessageSid"],
    [{ From: "" }, "From"],
    [{ NumMedia: "-1" }, "NumMedia"],
  ])("is refused with %j, by the field's name", async (changes, field) => {
    await expect(receive(changes)).rejects.toMatchObject({ status: 400, field });
  });
});

it.each([
  ["**bold** and `code`", "bold and code"],
  ["## Today\n- one\n- two", "Today\n- one\n- two"],
  ["see [the page](https://example.com/a)", "see the page (https://example.com/a)"],
  ["```js\nlet a = 2 ** 3 ** 4;\n```\ndone", "let a = 2 ** 3 ** 4;\ndone"],
  ["2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"],
])("writes %j as plain text", (markdown, plain) => {
  expect(toPlain(markdown)).toBe(plain);
});

it.each([
  [{ accountSid: "1" }, "accountSid"],
  [{ number: "4155550100" }, "number"],
])("refuses the options %j", (changes, path) => {
  expect(twilio({ ...options, ...changes }).problems()).toMatchObject([{ path: [path] }]);
});
