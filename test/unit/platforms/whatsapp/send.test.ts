import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WhatsAppAPI } from "whatsapp-api-js";
import { Text } from "whatsapp-api-js/messages";
import { graphError, json } from "../../../../emulators/platforms/whatsapp/graphError.ts";
import { startWhatsAppFake, type WhatsAppFake } from "../../../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { OutboundChunk, Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { whatsapp } from "../../../../lib/platforms/whatsapp/whatsapp.ts";
import { ANA } from "./whatsappCall.ts";

const TO = { to: ANA.from, user: ANA.from_user_id, message: "wamid.1" };

const CHUNK: OutboundChunk = {
  ...{ text: "Hi **Ana**", index: 0, isLast: true, replyTo: TO },
  ...{ key: "k".repeat(64), session: "01JSESSION", conversation: "default/whatsapp/ana//", inReplyTo: "wamid.1" },
};

const MARK = JSON.stringify([CHUNK.key, CHUNK.session, CHUNK.conversation]);

describe("whatsapp, sending,", () => {
  let server: WhatsAppFake;
  let platform: Platform;
  beforeEach(async () => {
    server = await startWhatsAppFake();
    platform = create();
  });
  afterEach(() => server.close());

  function create(version?: string): Platform {
    const { phoneNumberId, accountId, appId, token, appSecret } = server;
    const options = { phoneNumberId, accountId, appId, token: secret("TOKEN"), appSecret: secret("APP_SECRET") };
    const more = { apiBase: `${server.url}/`, ...(version === undefined ? {} : { version }) };
    return whatsapp({ ...options, ...more }).create(testServices({ TOKEN: token, APP_SECRET: appSecret }));
  }

  const send = (changes: Partial<OutboundChunk> = {}) => platform.send({ ...CHUNK, ...changes });

  it("sends a text in WhatsApp's marks, with what its statuses bring back, and answers its id", async () => {
    expect(await send()).toBe(server.sent[0]?.id);
    expect(server.sent).toMatchObject([{ to: ANA.from, text: { body: "Hi *Ana*" }, biz_opaque_callback_data: MARK }]);
    expect(server.sent[0]).not.toHaveProperty("recipient");
  });

  it("sends to somebody's id where their number is hidden", async () => {
    await send({ replyTo: { user: ANA.from_user_id } });
    expect(server.sent).toMatchObject([{ recipient: ANA.from_user_id }]);
    expect(server.sent[0]).not.toHaveProperty("to");
  });

  it("leaves out what would not fit, or belongs to no session", async () => {
    await send({ conversation: "x".repeat(512) });
    await send({ session: "", conversation: "" });
    for (const message of server.sent) expect(message).not.toHaveProperty("biz_opaque_callback_data");
  });

  it("sends as it was written what WhatsApp's marks would make too long, or leave nothing of", async () => {
    const table = `|${"a".repeat(4093)}|`;
    await send({ text: table });
    await send({ text: "\\ " });
    expect(server.sent.map(({ text }) => text.body)).toEqual([table, "\\ "]);
  });

  it("shows that it is typing by marking the message as read; an operator's repetition has none to mark", async () => {
    await platform.showTyping?.(TO);
    await platform.showTyping?.({ to: ANA.from });
    expect(server.typing).toEqual(["wamid.1"]);
    expect(server.requests).toHaveLength(1);
  });

  it("calls the version of the Graph API that it is given", async () => {
    await create("v24.0").send(CHUNK);
    expect(server.requests.at(-1)?.path).toBe(`/v24.0/${server.phoneNumberId}/messages`);
  });

  it.each([null, "16505551234", {}, { message: "wamid.1" }, { to: 1 }, { chat: 4711 }] satisfies Json[])(
    "sends nothing to what is no address of its own: %j",
    async (replyTo) => {
      expect(await failureOf(send({ replyTo }))).toMatchObject({ kind: "invalid", outcome: "not-sent" });
      expect(server.requests).toEqual([]);
    },
  );

  it.each([
    [130_429, "throttled", "the number's throughput"],
    [131_056, "throttled", "a pair's limit"],
    [4, "throttled", "the app's limit"],
    [80_007, "throttled", "the account's limit"],
    [131_048, "quota", "too many complaints"],
    [131_042, "quota", "an unpaid bill"],
    [190, "auth", "a token that has expired"],
    [10, "auth", "a permission that was taken away"],
    [200, "auth", "a permission that was never given"],
    [368, "auth", "an account that is blocked for a while"],
    [131_031, "auth", "an account that is locked"],
    [131_030, "auth", "a test number's list of recipients"],
    [131_000, "transient", "an error of Meta's"],
    [131_016, "transient", "an outage"],
    [131_047, "gone", "the 24 hours are over"],
    [131_026, "gone", "somebody who can't be reached"],
    [100, "invalid", "a message that is wrong"],
  ] as const)("takes error %d for %s: %s", async (code, kind, _what) => {
    server.refuse(ANA.from, code);
    const error = await failureOf(send());
    // Whoever can't be reached now may write again: no error ends the session.
    expect(error).toMatchObject({ kind, chatIsGone: false, message: expect.stringContaining(`code ${code}`) });
  });

  it("takes an id that its token can't see for wrong credentials, not for a wrong message", async () => {
    server.failNext(
      1,
      json(400, { error: { message: "Unsupported post request", type: "GraphMethodException", code: 100 } }),
    );
    expect(await failureOf(send())).toMatchObject({ kind: "auth" });
    server.failNext(1, 404);
    expect(await failureOf(send())).toMatchObject({ kind: "auth", status: 404 });
  });

  it("waits as long as Meta asks", async () => {
    server.failNext(1, { ...graphError(130_429), headers: { "retry-after": "60" } });
    expect(await failureOf(send())).toMatchObject({ kind: "throttled", retryAfter: 60_000 });
  });

  it("takes an answer without a message's id for that of somebody else, such as a proxy", async () => {
    for (const body of ["<html>", "{}", '{"messages":[]}']) {
      server.failNext(1, { status: 200, body });
      expect(await failureOf(send())).toMatchObject({ kind: "transient", outcome: "unknown" });
    }
  });

  it("repeats no token that Meta quotes, and of a proxy's page nothing in the message", async () => {
    const message = `Malformed access token ${server.token}`;
    server.failNext(1, json(401, { error: { message, type: "OAuthException", code: 190 } }));
    const error = await failureOf(send());
    expect(everythingIn(error)).not.toContain(server.token);
    expect(error.message).toBe("WhatsApp answered 401 with code 190: Malformed access token <secret>");
    server.failNext(1, { status: 502, body: "<p>Hi Ana</p>" });
    expect(await failureOf(send())).toMatchObject({
      ...{ kind: "transient", message: "WhatsApp answered 502: no error of the Graph API" },
    });
  });

  describe("as whatsapp-api-js sends it:", () => {
    /** What the client sends, by a fetch of our own. */
    async function sentBy(act: (client: WhatsAppAPI) => Promise<unknown>) {
      const seen: { readonly url: string; readonly init: RequestInit }[] = [];
      const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
        seen.push({ url: String(url), init });
        return new Response(JSON.stringify({ messages: [{ id: "wamid.1" }] }));
      };
      await act(new WhatsAppAPI({ token: server.token, v: "v26.0", secure: false, ponyfill: { fetch } }));
      const [{ url, init } = { url: "", init: {} }] = seen;
      const headers = new Headers(init.headers);
      return {
        ...{ method: init.method, path: new URL(url).pathname, body: JSON.parse(String(init.body)) },
        authorization: headers.get("authorization"),
      };
    }

    function ours() {
      const { method = "", path, headers, body = "{}" } = server.requests.at(-1) ?? {};
      return { method, path, body: JSON.parse(body), authorization: headers?.authorization };
    }

    it("a text, by a number or by an id", async () => {
      await send();
      const phone = { phone: ANA.from, bsuid: "" };
      const theirs = await sentBy((client) =>
        client.sendMessage(server.phoneNumberId, phone, new Text("Hi *Ana*"), undefined, MARK),
      );
      // It names the person in both ways; the number goes before the id.
      expect({ ...theirs, body: { ...theirs.body, recipient: undefined } }).toEqual({
        ...ours(),
        body: { ...ours().body, recipient: undefined },
      });

      await send({ replyTo: { user: ANA.from_user_id } });
      const id = { bsuid: ANA.from_user_id };
      expect(
        await sentBy((client) => client.sendMessage(server.phoneNumberId, id, new Text("Hi *Ana*"), undefined, MARK)),
      ).toEqual(ours());
    });

    it("a message that is marked as read while somebody types", async () => {
      await platform.showTyping?.(TO);
      expect(await sentBy((client) => client.markAsRead(server.phoneNumberId, "wamid.1", "text"))).toEqual(ours());
    });
  });
});
